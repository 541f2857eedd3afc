"""Write `docs/doors.md`."""

import django

django.setup()

from tests.isolation.matrix import PAGE, render

PAGE.write_text(render())
