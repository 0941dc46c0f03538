cimport cython


cdef class _Scene:
    cdef object index
    cdef object hits
    cdef dict best
    cdef list against

    @cython.locals(narrow=set, out=dict, parents=list, many=bint)
    cdef list targets(self)

    @cython.locals(score=double, parents=list, best=dict, known=tuple)
    cdef double bound(self, target)
