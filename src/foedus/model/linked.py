"""How a kernel that only kernels call is compiled: to code that is linked into its callers, and no further.

Numba optimises every function and makes machine code of it, then links its callers with it and optimises those whole
again. For a kernel that Python never calls all but the last is for nothing, and it is half the time that the simulator
takes to compile. So such a kernel is typed and lowered as usual, and what is optimised is what Python calls.

This stands on parts of Numba that are not promised to stay (docs/decisions/0007-linked-kernels.md); `tests/model`
compares what such kernels give with their plain Python.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from llvmlite.binding import Linkage
from numba.core import codegen, compiler, typed_passes
from numba.core.compiler_machinery import register_pass

_Code: Any = codegen.JITCodeLibrary
_NumbaLowering: Any = typed_passes.NativeLowering
_Passes: Any = compiler.DefaultPassBuilder
_make_function: Any = import_module("numba._dynfunc").make_function


class _Linkable(_Code):  # type: ignore[misc]
    """Code of one function, ready to be linked, without the code of those that it calls."""

    def finalize(self) -> None:
        for function in self._final_module.functions:
            if not function.is_declaration and function.linkage == Linkage.external:
                function.linkage = "linkonce_odr"  # several callers may bring it: one is kept
        self._shared_module = self._final_module
        self._finalized = True


_library: Any = _Linkable
_registered: Any = register_pass(mutates_CFG=True, analysis_only=False)  # type: ignore[no-untyped-call]


@_registered
class _Lowering(_NumbaLowering):  # type: ignore[misc]
    """To a library that callers link together with those of all that is called in it."""

    _name = "linkable_lowering"

    def run_pass(self, state: Any) -> bool:
        library = _library(state.targetctx.codegen(), state.func_id.func_qualname)
        state.library = library
        state.flags.no_compile = True
        super().run_pass(state)
        library.finalize()
        made = state["cr"]
        module, name = made.fndesc.lookup_module(), made.fndesc.qualname
        # Numba knows a compiled function by this object. It has no address: Python cannot call it.
        known_by = _make_function(module, name, "for compiled callers only", 0, made.env, (library,))
        # Callers before what they call: the linker drops what nothing before has asked for.
        everything = [library, *dict.fromkeys(library._linking_libraries)]
        state.targetctx.insert_user_function(known_by, made.fndesc, everything)
        state["cr"] = made._replace(cfunc=known_by)
        return True


class Linked(compiler.CompilerBase):
    """Numba's compiler with that lowering."""

    def define_pipelines(self) -> list[Any]:
        """As Numba's own, but for that one step."""
        passes = _Passes.define_nopython_pipeline(self.state)
        passes.add_pass_after(_Lowering, _NumbaLowering)
        passes.passes = [p for p in passes.passes if p[0] is not _NumbaLowering]
        passes.finalize()
        return [passes]
