"""The JSON API, as an integrator's program sees it."""

import requests


class Api:
    """`/api/v1` with a bearer token. The four verbs check the status and return the JSON; `request` returns it all."""

    def __init__(self, url: str, token: str):
        self.base = url + "/api/v1"
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {token}"
        # A proxy of the surroundings must not stand between a test and its server.
        self.session.trust_env = False

    def request(self, method: str, path: str, **options) -> requests.Response:
        return self.session.request(method, self.base + path, timeout=options.pop("timeout", 15), **options)

    def _expect(self, status: int, method: str, path: str, **options):
        answer = self.request(method, path, **options)
        assert answer.status_code == status, f"{method} {path}: {answer.status_code}, not {status}: {answer.text}"
        return answer.json() if answer.content else None

    def get(self, path: str, expect: int = 200, **query):
        return self._expect(expect, "GET", path, params=query)

    def post(self, path: str, body: dict, expect: int = 201, headers: dict | None = None):
        return self._expect(expect, "POST", path, json=body, headers=headers)

    def patch(self, path: str, body: dict, expect: int = 200, headers: dict | None = None):
        headers = {"Content-Type": "application/merge-patch+json"} | (headers or {})
        return self._expect(expect, "PATCH", path, json=body, headers=headers)

    def delete(self, path: str, expect: int = 204, **query):
        return self._expect(expect, "DELETE", path, params=query)

    def items(self, path: str, **query) -> list[dict]:
        """Every item of a list, page after page."""
        found, page = [], self.get(path, **query)
        while True:
            found += page["items"]
            if not page.get("next"):
                return found
            page = self.get(path, **(query | {"cursor": page["next"]}))

    def codes(self, method: str, path: str, body: dict, expect: int = 422) -> set[str]:
        """The codes of the rules that a request breaks."""
        problem = self._expect(expect, method, path, json=body)
        return {error["code"] for error in problem["errors"]}
