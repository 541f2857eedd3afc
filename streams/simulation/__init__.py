"""A caller who is not there: walks through the public doors as a phone's browser does.

Nothing here imports the domain; what it knows, it learned by HTTP and over the sockets.
"""
