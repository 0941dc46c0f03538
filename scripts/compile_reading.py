"""Compiles the reading while addrfix is installed, where a C compiler is there.

A build hook of hatchling, named in `pyproject.toml`. `addrfix/compiled.py` lists the modules and
says when they are used. Where Cython or the compiler fails, addrfix is installed without them and
reads with the same answers, slower; ADDRFIX_COMPILE=0 leaves the compiling out.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
import tempfile
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# Offsets are checked by the code itself; a compiled function without a binding costs less to call.
_DIRECTIVES = {
    "language_level": 3,
    "boundscheck": False,
    "binding": False,
    "infer_types": True,
    # `int` in an annotation is any integer; how wide one is stands in the .pxd files.
    "annotation_typing": False,
}
_FLAGS = [] if sys.platform == "win32" else ["-O2", "-g0", "-w"]


class CompileReading(BuildHookInterface):  # type: ignore[type-arg]
    """Adds the compiled modules to a wheel, or to a checkout that is installed in place."""

    PLUGIN_NAME = "compile-reading"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile before the files of the wheel are gathered."""
        if self.target_name != "wheel":
            return
        compiled = _plan(Path(self.root))
        if os.environ.get("ADDRFIX_COMPILE") == "0":
            shutil.rmtree(compiled.FOLDER, ignore_errors=True)
            return
        try:
            if not compiled.available():
                shutil.rmtree(compiled.FOLDER, ignore_errors=True)
                _compile(Path(self.root), compiled)
        except (Exception, SystemExit) as problem:
            # Whatever is missing (Cython, a compiler, headers): the source does the same work.
            shutil.rmtree(compiled.FOLDER, ignore_errors=True)
            self.app.display_warning(
                f"the reading was not compiled and will run as Python: {problem}"
            )
            return
        build_data["artifacts"].append("/addrfix/_compiled/*")
        build_data["pure_python"] = False
        build_data["infer_tag"] = True


def _plan(root: Path) -> ModuleType:
    """`addrfix/compiled.py`, without what `import addrfix` brings along."""
    spec = importlib.util.spec_from_file_location("compiled", root / "addrfix" / "compiled.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _compile(root: Path, compiled: ModuleType) -> None:
    """C from Python, machine code from C, and the digest of what was compiled, written last."""
    from Cython.Build import cythonize
    from setuptools import Distribution, Extension

    digest = compiled.digest()
    here = Path.cwd()
    os.chdir(root)
    try:
        with tempfile.TemporaryDirectory() as scratch:
            extensions = cythonize(
                [
                    Extension(
                        module,
                        [str(compiled.source(module).relative_to(root))],
                        extra_compile_args=_FLAGS,
                    )
                    for module in compiled.MODULES
                ],
                build_dir=scratch,
                quiet=True,
                nthreads=0 if sys.platform == "win32" else os.cpu_count() or 1,
                compiler_directives=_DIRECTIVES,
            )
            command = Distribution({"name": "addrfix", "ext_modules": extensions}).get_command_obj(
                "build_ext"
            )
            command.build_lib = str(Path(scratch) / "lib")
            command.build_temp = scratch
            command.parallel = os.cpu_count()
            command.ensure_finalized()
            command.run()
            compiled.FOLDER.mkdir(exist_ok=True)
            for module in compiled.MODULES:
                built = Path(command.get_ext_fullpath(module))
                shutil.move(built, compiled.FOLDER / f"{module}{compiled.SUFFIX}")
    finally:
        os.chdir(here)
    compiled.DIGEST.write_text(digest + "\n", encoding="ascii")
