"""The host names of a force."""

from django_tenants.models import DomainMixin


class Domain(DomainMixin):
    """One host name, lower case and without a port, that leads to a force."""

    def __str__(self) -> str:
        """Return the host name."""
        return str(self.domain)
