cimport cython


cdef class _Scene:
    cdef public object index
    cdef public object hits
    cdef public dict best
    cdef public list against

    @cython.locals(narrow=set, out=dict, parents=list, many=bint)
    cdef list targets(self)

    @cython.locals(score=double, parents=list, best=dict, known=tuple)
    cdef double bound(self, target)
