from stack import browser


def test_given_browser_is_the_one_that_is_used(monkeypatch):
    monkeypatch.setenv("CHROMIUM", "/opt/one")

    assert browser.find() == "/opt/one"


def test_browser_on_the_path_is_found(monkeypatch, place):
    program = place / "chromium-headless-shell"
    program.touch(mode=0o755)
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(place))

    assert browser.find() == str(program)


def test_newest_browser_of_playwright_is_found(monkeypatch, place):
    for number in (1100, 1200):
        folder = place / f"chromium_headless_shell-{number}/chrome-linux"
        folder.mkdir(parents=True)
        (folder / "headless_shell").touch(mode=0o755)
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(place))

    assert browser.find().endswith("chromium_headless_shell-1200/chrome-linux/headless_shell")


def test_no_browser_is_nothing(monkeypatch, place):
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(place))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(place))

    assert browser.find() == ""
