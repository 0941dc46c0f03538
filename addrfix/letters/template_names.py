"""The templates that are shipped, by name; importing this is cheap."""

from __future__ import annotations

from addrfix.knowledge import folder


def template_names() -> tuple[str, ...]:
    """Names of the folders under `templates/` that hold a template."""
    return tuple(sorted(path.parent.name for path in folder("templates").glob("*/template.toml")))
