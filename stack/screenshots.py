"""`make screenshots`: pictures of the main pages of the running demo, into docs/screenshots/."""

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, sync_playwright

from stack import browser, control
from stack.installation import Installation
from stack.paths import ROOT

TARGET = ROOT / "docs/screenshots"
WIDTHS = {"wide": (1440, 900), "narrow": (390, 844)}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


@dataclass(frozen=True)
class Shot:
    """One page: its address, who looks at it, and the links to follow from there."""

    name: str
    address: str
    login: str = ""
    follow: tuple[str, ...] = ()


SHOTS = (
    Shot("sign-in", "/login/"),
    Shot("today", "/", "caseworker"),
    Shot("people", "/people/", "caseworker"),
    Shot("visit", "/visits/new/", "caseworker"),
    Shot("cases", "/cases/", "caseworker"),
    Shot("case", "/cases/", "caseworker", ('main a[href^="/cases/"]',)),
    Shot("screenings", "/screening/", "caseworker"),
    Shot("referrals", "/referrals/", "caseworker"),
    Shot("referral", "/referrals/", "caseworker", ('main a[href^="/referrals/"]',)),
    Shot("partner", "/partner/", "partner"),
    Shot("outreach", "/outreach/", "mobile"),
    Shot("directory", "/directory/", "caseworker"),
    Shot("reports", "/reports/", "coordinator"),
)


def take() -> int:
    """Take all pictures; the demo is started for it unless it runs."""
    installation = Installation(os.environ)
    was_running = control.is_held(installation)
    if not was_running and control.up(installation):
        return 1
    try:
        TARGET.mkdir(parents=True, exist_ok=True)
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(
                executable_path=browser.ensure() or None, args=browser.ARGUMENTS
            )
            for shot in SHOTS:
                for path in pictures(chromium, installation, shot):
                    print(path.relative_to(ROOT), flush=True)
            chromium.close()
    finally:
        if not was_running:
            control.down(installation)
    return 0


def pictures(chromium: Browser, installation: Installation, shot: Shot) -> Iterator[Path]:
    """One page in both widths and both schemes; the session is shared by the four."""
    context = chromium.new_context(base_url=installation.address, reduced_motion="reduce")
    page = context.new_page()
    if shot.login:
        sign_in(page, shot.login, installation.demo_password())
    answer = page.goto(shot.address)
    for link in shot.follow:
        with page.expect_navigation() as followed:
            page.locator(link).first.click()
        answer = followed.value
    if answer is None or not answer.ok:
        raise SystemExit(f"No picture of {shot.name}: its page is a fault.")
    for width, (pixels, height) in WIDTHS.items():
        page.set_viewport_size({"width": pixels, "height": height})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            path = TARGET / f"{shot.name}-{width}-{scheme}.png"
            page.screenshot(path=path, full_page=True)
            yield path
    context.close()


def sign_in(page: Page, login: str, password: str) -> None:
    page.goto("/login/")
    page.locator("[name=login]").fill(login)
    page.locator("[name=password]").fill(password)
    with page.expect_navigation():
        page.locator("[name=password]").press("Enter")


if __name__ == "__main__":
    sys.exit(take())
