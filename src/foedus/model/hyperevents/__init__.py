"""hyperevents: which set of actors acts together next, given who acted together before."""
