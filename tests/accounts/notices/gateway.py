"""Providers on the loopback that take JSON: one for text messages, as Tencent's; they refuse, break or keep silent."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def status(code="Ok", *, serial="2640:1", reference=None, number=""):
    return {
        "SerialNo": serial,
        "PhoneNumber": number,
        "Fee": 1,
        "SessionContext": reference,
        "Code": code,
        "Message": f"about {number}",
        "IsoCode": "CN",
    }


class Provider:
    """Use as a context manager. `taken` lists the requests, `answer` makes the answer (status, JSON) of one."""

    def __init__(self):
        self.taken, self.silent = [], False
        self._go_on = threading.Event()

    def __enter__(self):
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                provider.taken.append(json.loads(body) | {"Action": self.headers["X-TC-Action"]})
                if provider.silent:
                    provider._go_on.wait(10)
                    return
                code, answer = provider.answer(provider.taken[-1])
                answer = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
                self.send_response(code)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *args):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *error):
        self._go_on.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def address(self):
        return f"http://127.0.0.1:{self._server.server_port}"


class SmsProvider(Provider):
    def __init__(self):
        super().__init__()
        self.answer = self.says("Ok")

    def says(self, *codes):
        """An answer with one status a code, as for as many numbers."""

        def answer(request):
            own = {"reference": request["SessionContext"], "number": request["PhoneNumberSet"][0]}
            statuses = [status(code, serial=f"2640:{number}", **own) for number, code in enumerate(codes)]
            return 200, {"Response": {"SendStatusSet": statuses, "RequestId": "r"}}

        return answer

    def fails(self, code):
        """The answer to a request that is refused as a whole."""
        return lambda request: (
            200,
            {"Response": {"Error": {"Code": code, "Message": request["PhoneNumberSet"][0]}, "RequestId": "r"}},
        )
