"""Text messages and e-mails: GOV.UK Notify, or an outbox on the console for development."""

import os

SMS_SENDER = os.environ.get("SIGHTLINE_SMS_SENDER", "outbox")
NOTIFY_URL = os.environ.get("SIGHTLINE_NOTIFY_URL", "")
NOTIFY_API_KEY = os.environ.get("SIGHTLINE_NOTIFY_API_KEY", "")
NOTIFY_TEMPLATE_ID = os.environ.get("SIGHTLINE_NOTIFY_TEMPLATE_ID", "")
NOTIFY_EMAIL_TEMPLATE_ID = os.environ.get("SIGHTLINE_NOTIFY_EMAIL_TEMPLATE_ID", "")
NOTIFY_CALLBACK_TOKEN = os.environ.get("SIGHTLINE_NOTIFY_CALLBACK_TOKEN", "")
