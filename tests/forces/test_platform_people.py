"""The platform's own people: what holds for forces' people and asks for forces' tables does not stop them."""

from forces.accounts.models import User
from forces.accounts.roles import Role
from forces.context import in_platform


def test_new_password_of_a_platform_admin_is_taken(copy_db: str) -> None:
    """Ending the sign-ins of before asks no phone of anybody."""

    def change() -> bool:
        user = User.objects.create_user(username="keeper", password="the first of two", role=Role.PLATFORM_ADMIN)
        user.set_password("the second of two")
        user.save()
        return User.objects.get(pk=user.pk).check_password("the second of two")

    assert in_platform(change)
