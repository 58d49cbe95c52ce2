"""The gRPC side of an emulator: generic handlers over the methods of `apis`, without TLS. Refuses what the shim
refuses, with Google's details in the trailers."""

from concurrent.futures import ThreadPoolExecutor

import grpc
import replies
from grpc_status import rpc_status
from replies import Garbage, Refusal

THREADS = 64


class Handlers(grpc.GenericRpcHandler):
    """A handler for each method."""

    def __init__(self, shim):
        self.shim = shim
        self.known = {path: self.handler(method) for path, method in shim.methods.items()}

    def service(self, handler_call_details):
        return self.known.get(handler_call_details.method)

    def handler(self, method):
        def answer(request, context):
            shown = dict(context.invocation_metadata()).get("authorization")
            try:
                outcome = self.shim.rpc("grpc", method, request, shown)
            except Refusal as refusal:
                context.abort_with_status(rpc_status.to_status(refusal.status()))
            except Garbage as garbage:
                # Bytes that are no message: the client cannot read them.
                return garbage.body.encode()
            if outcome.manner == ("reset",):
                context.abort(grpc.StatusCode.UNAVAILABLE, "Connection reset by peer")
            return replies.wire(outcome.reply)
        return grpc.unary_unary_rpc_method_handler(answer, request_deserializer=method.request.FromString, response_serializer=bytes)


def start(shim):
    """Serves on a free port of the loopback address, which it answers. The server lives as long as the process."""
    options = [("grpc.max_send_message_length", -1), ("grpc.so_reuseport", 0)]
    server = grpc.server(ThreadPoolExecutor(THREADS), handlers=(Handlers(shim),), options=options)
    bound = server.add_insecure_port("127.0.0.1:0")
    server.start()
    shim.rpc_server = server
    return bound
