"""The pages: the conversation, the frame that the widget opens, and the whole policy. Drawn by Jinja, which escapes.

The policy's words come from .built/policy.json (knowledge/publish.py); this room knows none.
"""

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from bot.gateway.headers import EMBEDDABLE, WIDGET
from bot.gateway.refusal import Refusal, safe_words, words
from bot.settings import PROJECT, Settings

WEB = PROJECT / "bot" / "web"
CODE = re.compile(r"[A-Z2-7]{5}(?:-[A-Z2-7]{5}){3}")
POLICY = PROJECT / ".built" / "policy.json"


class Pages:
    """What a browser opens."""

    def __init__(self, settings: Settings, policy: Path = POLICY) -> None:
        self.settings, self.policy_file = settings, policy
        self.jinja = Environment(
            loader=FileSystemLoader(WEB), autoescape=select_autoescape(), undefined=StrictUndefined, trim_blocks=True
        )

    def routes(self) -> list[Route | Mount]:
        """Return the pages' addresses."""
        return [
            Route("/", self.page),
            Route(EMBEDDABLE, self.embedded),
            Route("/policy", self.policy),
            Route("/privacy", self.privacy),
            Route(WIDGET, self.widget),
            Route("/certificate/{code}", self.certificate),
            Mount("/static", StaticFiles(directory=WEB / "static")),
        ]

    def page(self, _: Request) -> Response:
        """Return the conversation as a page of its own."""
        return self.draw("page.html", embedded=False)

    def embedded(self, _: Request) -> Response:
        """Return the conversation for the widget's frame."""
        return self.draw("page.html", embedded=True)

    def policy(self, _: Request) -> Response:
        """Return the whole policy, clause by clause.

        Raises:
            Refusal: it has not been built.
        """
        try:
            found = json.loads(self.policy_file.read_text(encoding="utf8"))
        except (OSError, ValueError) as error:
            raise Refusal("no_policy") from error
        overdue = date.fromisoformat(found["review_due"]) < date.today()
        return self.draw("policy.html", policy=found, overdue=overdue)

    def privacy(self, _: Request) -> Response:
        """Return what happens to what people type, and the terms of use."""
        return self.draw("privacy.html", keep=f"{self.settings.keep_hours:g}")

    def widget(self, _: Request) -> Response:
        """Return the widget's one script."""
        return FileResponse(WEB / "static" / "widget.js", media_type="text/javascript")

    def certificate(self, request: Request) -> Response:
        """Return a certificate by its code, which nobody can guess.

        Raises:
            Refusal: there is none of that code.
        """
        code = request.path_params["code"].upper()
        path = self.settings.state / "certificates" / f"{code}.pdf"
        if not CODE.fullmatch(code) or not path.is_file():
            raise Refusal("missing")
        return FileResponse(path, media_type="application/pdf", filename=f"certificate-{code}.pdf")

    def draw(self, template: str, **filled: Any) -> HTMLResponse:
        """Return a page, with what every page needs."""
        page = self.jinja.get_template(template).render(
            school=self.settings.school_name,
            safe=safe_words(),
            limit=self.settings.longest_text,
            expired=words()["expired"]["text"],
            **filled,
        )
        return HTMLResponse(page, headers={"Cache-Control": "no-cache"})
