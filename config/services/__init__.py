"""Set-up and daemons of one Sightline machine: Postgres, Redis, Janus, coturn, nginx and our own processes.

``python3 -m config.services setup|demo|up|stop`` runs before the virtual environment exists, so everything
here is the standard library's. ``config.services.stack.Stack`` gives tests daemons of their own.
"""
