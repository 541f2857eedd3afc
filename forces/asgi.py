"""Django as an ASGI application that takes each request one way: in one thread, or on the event loop."""

from typing import Any

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.base import BaseHandler

from forces.middleware import is_async_view


class DjangoApplication(ASGIHandler):
    """Serves a sync view from end to end in a thread of its own, inside one unit of work; an async view outside of any.

    Django has one chain of middleware for both. It ran an async view inside the unit of work that was opened for it,
    with a turn and a connection of the force held until it had answered, and every sync view by four changes of thread.
    """

    def __init__(self) -> None:
        """Load the middleware twice, for the loop and for threads."""
        super().__init__()
        self._in_thread = BaseHandler()
        self._in_thread.load_middleware(is_async=False)

    async def get_response_async(self, request: Any) -> Any:
        """Answer on the loop or in a thread, as the view wants it."""
        if is_async_view(request):
            return await super().get_response_async(request)
        return await sync_to_async(self._in_thread.get_response, thread_sensitive=True)(request)
