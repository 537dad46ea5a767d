"""A photo comes in and a list goes out, with the real worker, relay and roles of the database.

What a job may read depends on its own transactions: only a real worker shows that.
"""

import io
import re
import time

import msoffcrypto
import pytest
from openpyxl import load_workbook

from tests.browser.test_main_job import desk  # noqa: F401  # the same desks
from tests.files import samples

pytestmark = [pytest.mark.browser]

PATIENCE_SECONDS = 90


def until(page, path, text):
    """Load a page again until it says this."""
    ends_at = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < ends_at:
        page.goto(path)
        if text in page.inner_text("main"):
            return
        page.wait_for_timeout(1000)
    raise AssertionError(f"{text} never came")


def test_E08_a_photo_is_cleaned_by_the_worker_and_fetched(desk, tmp_path):  # noqa: F811
    caseworker = desk("caseworker")
    page = caseworker.page
    caseworker.open("/cases/?view=open")
    links = page.locator('main a[href^="/cases/"]').evaluate_all("all => all.map(a => a.pathname)")
    case = next(path for path in links if re.fullmatch(r"/cases/[0-9a-f-]{36}/", path))
    photo = tmp_path / "IMG_0001.jpg"
    photo.write_bytes(samples.photo_with_place())

    caseworker.open(f"{case}files/")
    before = page.get_by_role("link", name="Open Photo").count()
    page.get_by_label("File", exact=True).set_input_files(photo)
    caseworker.tick("kind", "Photo")
    caseworker.press("Add file")
    page.wait_for_load_state()
    ends_at = time.monotonic() + PATIENCE_SECONDS
    while page.get_by_role("link", name="Open Photo").count() == before:
        assert time.monotonic() < ends_at
        page.wait_for_timeout(1000)
        page.reload()

    with page.expect_download() as fetched:
        page.get_by_role("link", name="Open Photo").first.click()
    content = fetched.value.path().read_bytes()
    assert re.fullmatch(r"file-[0-9a-f]{8}\.jpg", fetched.value.suggested_filename)
    assert b"CANARY" not in content


def test_E07_a_list_leaves_with_two_people_and_a_password(desk):  # noqa: F811
    caseworker, coordinator = desk("caseworker"), desk("coordinator")
    page = caseworker.page
    caseworker.open("/cases/export/?view=open")
    caseworker.tick("purpose", "Supervision")
    caseworker.press("Ask for the list")
    page.wait_for_url("**/exports/**")
    line = page.url

    assert "A second person has to agree first." in page.inner_text("main")
    coordinator.page.goto(line)
    coordinator.press("Agree to this export")
    coordinator.page.wait_for_load_state()
    until(page, line, "Lock file and show password")
    caseworker.press("Lock file and show password")
    password = page.locator("strong.ltr").inner_text()
    with page.expect_download() as fetched:
        caseworker.press("Download file")

    file, plain = (
        msoffcrypto.OfficeFile(io.BytesIO(fetched.value.path().read_bytes())),
        io.BytesIO(),
    )
    file.load_key(password=password, verify_password=True)
    file.decrypt(plain)
    assert load_workbook(plain)["Cases"].max_row > 1
    page.goto(line)
    assert "Handed out" in page.inner_text("main")
