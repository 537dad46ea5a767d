"""A strongroom of one test's own."""


def own_shelf(settings, tmp_path):
    """Where the files of this test lie."""
    settings.FILES_DIR = tmp_path / "files"
    settings.FILES_DIR.mkdir()
    return settings.FILES_DIR


def on_disk(shelf):
    return sorted(path for path in shelf.rglob("*") if path.is_file())
