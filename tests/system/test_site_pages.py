"""Pages that whoever runs the server writes: who gets them, and from when on a change is seen."""

import os

from support.server import FAILED, Server


def test_pages_are_shown_to_strangers_and_follow_their_files(module_workspace):
    imprint = module_workspace / "imprint.md"
    imprint.write_text("# Imprint\n\nAda\n")
    arguments = ("--pages-imprint", str(imprint), "--auth-require-login", "true")
    with Server(module_workspace / "data", *arguments) as server:
        assert server.api.get("/api/v2/pages").json() == {"items": ["imprint"]}
        page = server.api.get("/api/v2/pages/imprint")
        assert page.json()["text"] == "# Imprint\n\nAda\n" and page.header("Cache-Control") == "no-cache"
        assert server.api.get("/api/v2/pages/terms").status == 404
        assert server.api.get("/imprint").header("Content-Type").startswith("text/html")
        imprint.write_text("# Imprint\n\nEve\n")
        assert server.api.get("/api/v2/pages/imprint").json()["text"] == "# Imprint\n\nEve\n"
        os.remove(imprint)
        lost = server.api.get("/api/v2/pages/imprint")
        assert lost.status == 503 and str(imprint) not in lost.text()


def test_file_that_cannot_be_read_is_refused_at_start(movio, workspace):
    answer = movio.run("config", "check", "--pages-terms", workspace / "absent.md")
    assert answer.returncode == FAILED and "pages.terms" in answer.stderr and "absent.md" in answer.stderr
