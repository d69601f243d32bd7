// The last process fails while all others wait for it: the whole job has to end, with exit status 3.
// `Tests/MPIAbortProbe/abort-ends-the-job` runs this under mpirun.

import MPI

struct Failure: Error {}

func run() throws {
  let environment = try MPIEnvironment()
  let world = Communicator.world()
  if world.rank == world.size - 1 { throw Failure() }
  try world.barrier()
  try environment.finalize()
}

do {
  try run()
} catch {
  print("mpi-abort-probe: \(error)")
  MPIEnvironment.abort(exitCode: 3)
}
