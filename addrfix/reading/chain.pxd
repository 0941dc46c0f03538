cimport cython


cdef object _meant_in(hit, set divisions)


cdef class _Scene:
    cdef public object index
    cdef public object hits
    cdef public dict best
    cdef public list against

    @cython.locals(parents=list, mentions=list, used=set, old=set, path=set, score=double, known=tuple)
    cdef object _walk(self, target)

    @cython.locals(
        mentions=list, used=set, old=set, path=set, contradicted=list, repeated=list, former=list,
        score=double,
    )
    cdef object _rest(self, walk)

    @cython.locals(narrow=set, out=dict, parents=list, many=bint)
    cdef list targets(self)

    @cython.locals(score=double, parents=list, best=dict, known=tuple)
    cdef double bound(self, target)
