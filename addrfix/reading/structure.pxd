cimport cython

from addrfix.reading.elements cimport Scan
from addrfix.reading.numbering cimport Numbers


cdef Py_ssize_t _POI, _SUBPOI, _START, _LOOK_BACK, _WIDTH
cdef double _ELEMENT_COST, _BEAM, _NEVER
cdef list _IS_PLACE, _PLACED
cdef frozenset _IDLE
cdef dict _LABELS


cdef class _Lattice:
    cdef public tuple transitions
    cdef public Numbers numbers
    cdef public Py_ssize_t size
    cdef double[::1] scores
    cdef public list labels
    cdef long long[::1] befores
    cdef public list alive
    cdef public bytearray landed

    cdef bint reached(self, Py_ssize_t start, bint inside)

    @cython.locals(
        base=Py_ssize_t, origin=Py_ssize_t, slot=Py_ssize_t, end=Py_ssize_t, packed=Py_ssize_t,
        state=Py_ssize_t, seen=Py_ssize_t, after=Py_ssize_t, target=Py_ssize_t, weight=double,
        reached=double, least=double, score=double, known=double, scores=double[::1], labels=list,
        befores=longlong[::1], alive=list, found=list, row=tuple, candidate=tuple, landed=bytearray, inner=bint,
    )
    cdef extend(self, Py_ssize_t start, list names, list counted)

    @cython.locals(base=Py_ssize_t, packed=Py_ssize_t, best=double, score=double, scores=double[::1])
    cdef double _least(self, Py_ssize_t start)

    cdef Py_ssize_t _since(self, Py_ssize_t origin)

    @cython.locals(base=Py_ssize_t, slot=Py_ssize_t, origin=Py_ssize_t, packed=Py_ssize_t)
    cdef tuple path(self)


@cython.locals(
    start=Py_ssize_t, blocked=Py_ssize_t, furthest=Py_ssize_t, names=list, scan=Scan,
    numbers=Numbers, lattice=_Lattice,
)
cpdef tuple segment(str key, mentions=*, doubtful=*, villages=*, places=*)
