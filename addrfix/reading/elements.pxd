cimport cython

from addrfix.reading.lexicon cimport Ending
from addrfix.reading.names cimport known_village, name


cdef Py_ssize_t _SEPARATOR, _LATIN, _DIGIT, _RELATIVE, _DISTANT, _NUMERAL, _TAIL, _SEAT
cdef Py_ssize_t _COUNTRY_OPENER, _OPENS_NONE
cdef frozenset _RANKS, _CITY, _ZONE_ENDS, _BESIDE, _NOT_FIRST, _NAMED, _ESTATES, _COMPANY
cdef tuple _COUNTRIES


cdef class End:
    cdef public Py_ssize_t end
    cdef public tuple endings
    cdef public bint boundary
    cdef public Py_ssize_t strong
    cdef public bint weak
    cdef public Py_ssize_t part
    cdef public bint named
    cdef public double place


cdef class Scan:
    cdef public str _key
    cdef public object _lexicon
    cdef public list _traits
    cdef public dict _fixed
    cdef public dict sure
    cdef public dict _villages
    cdef public list _stops
    cdef public list _inner
    cdef public list _digits
    cdef public set _goes_on
    cdef public list _ends
    cdef public list _first

    @cython.locals(size=Py_ssize_t, wall=Py_ssize_t, position=Py_ssize_t, traits=list, trait=Py_ssize_t, stops=list)
    cdef list _find_stops(self)

    @cython.locals(count=Py_ssize_t, counts=list, trait=Py_ssize_t)
    cdef list _count_digits(self)

    @cython.locals(
        key=str, size=Py_ssize_t, end=Py_ssize_t, covered=Py_ssize_t, length=Py_ssize_t,
        tails=dict, endings=dict, goes_on=set, found=dict, words=tuple, ends=list, first=list, traits=list,
    )
    cdef tuple _find_ends(self)

    @cython.locals(boundary=bint, place=double, named=tuple, strong=Py_ssize_t, part=Py_ssize_t, weak=bint, kind=str, ending=Ending)
    cdef object _end(self, Py_ssize_t end, tuple endings, bint goes_on)

    @cython.locals(after=str, weight=double)
    cdef double _cut(self, Py_ssize_t end, bint boundary)

    @cython.locals(key=str)
    cdef double _going_on(self, Py_ssize_t end, bint strong, bint weak, bint goes_on)

    @cython.locals(trait=Py_ssize_t)
    cdef bint _has_relative(self)

    cdef bint _may_end(self, Py_ssize_t end)
    cdef bint _is_boundary(self, Py_ssize_t position)

    @cython.locals(key=str, trait=Py_ssize_t, inside=bint, out=list)
    cpdef list at(self, Py_ssize_t start)

    @cython.locals(word=str, end=Py_ssize_t)
    cdef _country(self, Py_ssize_t start, list out)

    @cython.locals(key=str, end=Py_ssize_t, trait=Py_ssize_t)
    cdef _relatives(self, Py_ssize_t start, list out)

    @cython.locals(
        key=str, digits=list, stop=Py_ssize_t, inner=list, ends=list, position=Py_ssize_t,
        counted=Py_ssize_t, end=Py_ssize_t, weight=double, last=End, ending=Ending,
    )
    cdef _names(self, Py_ssize_t start, list out)

    @cython.locals(key=str, length=Py_ssize_t, end=Py_ssize_t, weight=double, leading=bint)
    cdef double _place(self, Py_ssize_t start, End last, Py_ssize_t counted, list inner)
