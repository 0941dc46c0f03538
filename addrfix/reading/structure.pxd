cimport cython


@cython.locals(
    size=Py_ssize_t, start=Py_ssize_t, base=Py_ssize_t, origin=Py_ssize_t, slot=Py_ssize_t,
    end=Py_ssize_t, packed=Py_ssize_t, state=Py_ssize_t, seen=Py_ssize_t, after=Py_ssize_t,
    target=Py_ssize_t, since=Py_ssize_t, blocked=Py_ssize_t, furthest=Py_ssize_t,
    weight=double, reached=double, least=double, score=double, known=double,
    scores=list, labels=list, befores=list, alive=list, here=list, names=list, found=list,
    counted=list, row=tuple, transitions=tuple, candidate=tuple, landed=set, inner=bint,
)
cpdef tuple segment(str key, mentions=*, doubtful=*, villages=*, places=*)
