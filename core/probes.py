"""The two addresses that container engines and load balancers ask (see `core.views`)."""

from django.conf import settings
from django.urls import resolve

PROBES = ("/healthz", "/readyz")


class ProbesMiddleware:
    """Answers the probes before anything looks at session or account, which would ask the database, or at the host.

    An engine asks with the container's own address as host. Answers all hosts alike: they say nothing about any.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path_info in PROBES:
            return resolve(request.path_info, settings.ROOT_URLCONF).func(request)
        return self.get_response(request)
