"""What a process would do: cases arrive, people work, customers take their time; discrete events.

`running.simulate` drives imagined cases through the real engine (`engine.advance`), gives steps to people by
`assignment.choose`, measures on the definition's working calendar and says how it went (`figures.Report`).
All that is not in the definition is an assumption (`assumptions.Assumptions`): data, checked whole when read
(`reading.read`), with a stated default for every number that is not given. The same seed, definition and
assumptions give the same report. The formulae and limits are told in docs/algorithms/simulation.md.
"""
