"""A person before a browser window."""

from axe_core_python.sync_playwright import Axe


class Visitor:
    """A browser window, with everything that went wrong in it."""

    def __init__(self, page, url: str):
        self.page = page
        self.url = url
        self.wrong: list[str] = []
        page.on("console", lambda message: message.type == "error" and self.note(message.text))
        page.on("pageerror", lambda error: self.note(str(error)))
        page.on("request", lambda request: self.check_host(request.url))

    def note(self, text: str):
        # Chromium writes every answer of 400 and more to the console, also those that a test asks for.
        if "the server responded with a status of" in text:
            return
        # htmx writes two lines for a request that a later one took the place of, or that the person left behind. Where one
        # fails by itself, another line says so (htmx:sendError, htmx:timeout).
        if text.startswith(("htmx:sendAbort", "htmx:afterRequest")):
            return
        self.wrong.append(text)

    def check_host(self, address: str):
        if not address.startswith((self.url + "/", "data:")):
            self.wrong.append(f"request to a foreign address: {address}")

    def open(self, path: str):
        return self.page.goto(self.url + path)

    def sign_in(self, email: str, password: str):
        self.open("/anmelden")
        self.page.locator("input[type=email]").fill(email)
        self.page.locator("input[type=password]").fill(password)
        self.page.locator("main button[type=submit]").click()
        self.page.wait_for_url(self.url + "/")

    def violations(self) -> list[str]:
        found = Axe().run(self.page)["violations"]
        return [f"{rule['id']}: {[node['target'] for node in rule['nodes']]}" for rule in found]
