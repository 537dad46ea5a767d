from io import BytesIO
from wsgiref.util import setup_testing_defaults

import pytest

from config.wsgi import Utf8Request, application


@pytest.mark.parametrize("charset", ["utf-8", "latin-1", "zlib", "hex", "idna", "undefined", "no"])
def test_request_is_read_as_utf8_whatever_it_says(charset):
    body = b"name=%C4%90ur%C4%91a"
    environ = {
        "QUERY_STRING": "next=%C5%BE",
        "REQUEST_METHOD": "POST",
        "CONTENT_TYPE": f"application/x-www-form-urlencoded; charset={charset}",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": BytesIO(body),
    }
    setup_testing_defaults(environ)

    request = Utf8Request(environ)

    assert (request.GET["next"], request.POST["name"]) == ("\u017e", "\u0110ur\u0111a")


def test_the_server_reads_its_requests_so():
    assert application.request_class is Utf8Request
