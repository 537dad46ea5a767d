"""Each kind of person follows every link of the running product, and each page holds up."""

from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import resolve

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PEOPLE = [
    "admin", "caseworker", "coordinator", "director", "donor", "dpo", "interpreter", "mobile",
    "operator", "partner",
]  # fmt: skip
WIDTHS = [1440, 768, 390, 320]
WIDER = """() => document.documentElement.scrollWidth - window.innerWidth"""


class Walk:
    """One person's way: each view once, by the first link to it that is found."""

    def __init__(self, page, address):
        self.page, self.address = page, address
        self.seen, self.faults = set(), []
        page.on("console", self.hear)
        page.on("pageerror", lambda error: self.faults.append(("script", str(error))))

    def hear(self, message):
        if message.type in {"error", "warning"}:
            self.faults.append((urlsplit(self.page.url).path, message.text))

    def sign_in(self, username, password):
        self.page.goto(f"{self.address}/login/")
        self.page.fill("[name=login]", username)
        self.page.fill("[name=password]", password)
        self.page.click("main [type=submit]")
        self.page.wait_for_url(lambda url: "/login/" not in url)

    def follow(self):
        waiting = ["/"]
        while waiting:
            path = waiting.pop(0)
            view = resolve(urlsplit(path).path)
            if view.view_name in self.seen or view.app_names[:1] == ["admin"]:
                continue
            self.seen.add(view.view_name)
            waiting += self.look_at(path, view.view_name)

    def look_at(self, path, view):
        self.page.set_viewport_size({"width": WIDTHS[0], "height": 900})
        answer = self.page.goto(self.address + path)
        if answer.status != 200:
            self.faults.append((view, answer.status))
            return []
        for each in Axe().run(self.page).response["violations"]:
            self.faults.append((view, each["id"], [node["target"] for node in each["nodes"]]))
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 900})
            if self.page.evaluate(WIDER) > 0:
                self.faults.append((view, "is wider than", width))
        hrefs = self.page.eval_on_selector_all("a[href^='/']", "as => as.map(a => a.pathname)")
        return [h for h in hrefs if not h.startswith("/static/") and "/download/" not in h]


@pytest.mark.parametrize("username", PEOPLE)
def test_every_page_holds_up_for(username, browser, running_stack):
    context = browser.new_context(viewport={"width": WIDTHS[0], "height": 900})
    walk = Walk(context.new_page(), running_stack.address.rstrip("/"))
    walk.sign_in(username, running_stack.password)

    walk.follow()

    context.close()
    assert walk.faults == []
    assert len(walk.seen) > 1
