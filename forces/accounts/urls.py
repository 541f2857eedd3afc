"""Addresses of signing in; the names are those that allauth looks for."""

from django.urls import path

from forces.accounts import account_pages, views

urlpatterns = [
    path("sign-in/", views.SignIn.as_view(), name="account_login"),
    path("sign-in/code/", views.EnterCode.as_view(), name="mfa_authenticate"),
    path("sign-in/enrol/", views.EnrolAtSignIn.as_view(), name="second-factor-enrol"),
    path("sign-in/again/", views.start_again, name="sign-in-again"),
    path("sign-out/", views.sign_out, name="account_logout"),
    path("account/", account_pages.account, name="account"),
    path("account/proof/", account_pages.give_proof, name="account_reauthenticate"),
    path("account/second-factor/", account_pages.set_up_second_factor, name="mfa_activate_totp"),
    path("account/recovery-codes/", account_pages.make_recovery_codes, name="mfa_generate_recovery_codes"),
]
