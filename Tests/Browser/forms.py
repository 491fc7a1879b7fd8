"""The forms of the pages, sent without a browser."""

import re

import requests


class Forms:
    """Someone who is signed in; with wrong credentials or none, someone who is not."""

    def __init__(self, url: str, email: str = "", password: str = ""):
        self.url = url
        self.session = requests.Session()
        # A proxy of the surroundings must not stand between a test and its server.
        self.session.trust_env = False
        if email:
            answer = self.send("/anmelden", email=email, password=password)
            assert answer.status_code == 303, answer.text
        self.token = ""
        if found := re.search(r'name="_csrf" value="([^"]+)"', self.open("/").text):
            self.token = found[1]

    def open(self, path: str) -> requests.Response:
        return self.session.get(self.url + path, allow_redirects=False, timeout=15)

    def send(self, path: str, **fields: str) -> requests.Response:
        return self.session.post(self.url + path, data=fields, allow_redirects=False, timeout=15)

    def submit(self, path: str, **fields: str) -> requests.Response:
        """As `send`, with the token that the pages give."""
        return self.send(path, _csrf=self.token, **fields)


def beside(page: str, field: str) -> str:
    """What stands beside a field."""
    found = re.search(rf'<div class="note" id="{field}-note">(.*?)</div>', page, re.DOTALL)
    assert found, f"nothing stands beside {field}"
    return found[1]
