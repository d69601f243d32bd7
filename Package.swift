// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency] = [], exclude: [String] = []) -> Target {
  .testTarget(
    name: name + "Tests", dependencies: [.byName(name: name)] + dependencies, exclude: exclude,
    swiftSettings: strict)
}

func cLibrary(_ name: String, pkgConfig: String, apt: String) -> Target {
  .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([apt])])
}

/// The commit this program is built from, for the provenance in its files.
let commit = Context.gitInformation?.currentCommit ?? "unknown"
let isDirty = Context.gitInformation?.hasUncommittedChanges ?? false

let package = Package(
  name: "eos-sweep",
  products: [.executable(name: "eos-sweep", targets: ["eos-sweep"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser.git", exact: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams.git", exact: "6.2.2"),
    .package(url: "https://github.com/apple/swift-collections.git", exact: "1.6.0"),
  ],
  targets: [
    // MARK: - C libraries
    cLibrary("COpenBLAS", pkgConfig: "openblas", apt: "libopenblas-dev"),
    // Optimised in every configuration: debug builds run the same loops, with the same bits. Vectors are passed between
    // inlined functions only, so their ABI (psabi) does not matter.
    .target(
      name: "CVectorKernels",
      cSettings: [
        .unsafeFlags(["-O3", "-Wno-psabi", "-ffp-contract=on", "-fno-math-errno", "-fno-trapping-math"])
      ]),
    .systemLibrary(name: "CLinux"),
    cLibrary("CZlib", pkgConfig: "zlib", apt: "zlib1g-dev"),
    cLibrary("CCrypto", pkgConfig: "libcrypto", apt: "libssl-dev"),
    cLibrary("CMPI", pkgConfig: "ompi-c", apt: "libopenmpi-dev"),
    cLibrary("CHDF5", pkgConfig: "hdf5", apt: "libhdf5-dev"),

    // MARK: - Libraries, each importing only what stands above it
    library("Problems"),
    library("Schema", ["Problems"]),
    library("Files", ["Problems"]),
    library("Digests", ["CCrypto"]),
    library("MPI", ["CMPI"]),
    library("HDF5", ["CHDF5", "Problems"]),
    library("NodeMemory", ["CLinux"]),
    library("LinearAlgebra", ["COpenBLAS", "CVectorKernels", "NodeMemory"]),
    library("Complementarity", ["LinearAlgebra"]),
    library("TensorProgram"),
    library("ProgramExecutor", ["CVectorKernels", "LinearAlgebra", "TensorProgram"]),
    library("Datasets", ["CZlib", "Files", "HDF5", "LinearAlgebra", "NodeMemory", "Problems", "Schema"]),
    library(
      "Learning", ["Datasets", "LinearAlgebra", "Problems", "ProgramExecutor", "Schema", "TensorProgram"]),
    library("Optimizers", ["LinearAlgebra", "Schema"]),
    library("Spectra", ["LinearAlgebra"]),
    library("Flows", ["Complementarity", "Learning", "LinearAlgebra", "Optimizers", "Schema", "Spectra"]),
    library(
      "Shards", ["Digests", "Files", "Flows", "HDF5", "Optimizers", "Probes", "Problems", "Schema"]),
    library("Probes", ["Datasets", "Learning", "LinearAlgebra", "Optimizers", "Schema", "Spectra"]),
    library(
      "Jobs",
      [
        "Datasets", "Digests", "Files", "Flows", "HDF5", "Learning", "LinearAlgebra", "Optimizers",
        "Probes", "Problems", "Schema",
        .product(name: "Yams", package: "Yams"),
      ]),
    library("Console", ["Problems"]),
    library(
      "Training",
      [
        "Console", "Datasets", "Files", "Flows", "HDF5", "Jobs", "Learning", "LinearAlgebra", "NodeMemory",
        "Optimizers", "Probes", "Problems", "Schema", "Shards", "Spectra",
      ]),
    // Optimised in every configuration: tests play schedules by the thousand.
    .target(
      name: "Sweep",
      dependencies: [
        "Console", "Files", "Jobs", "Learning", "LinearAlgebra", "MPI", "NodeMemory", "Problems", "Shards",
        "Training",
        .product(name: "HeapModule", package: "swift-collections"),
      ],
      swiftSettings: strict + [.unsafeFlags(["-O"])]),
    library("Bench", ["Console", "Datasets", "Jobs", "Learning", "LinearAlgebra", "Sweep", "Training"]),

    // MARK: - The command line
    .target(
      name: "CBuildInfo",
      cSettings: [
        .define("EOS_BUILD_COMMIT", to: "\"\(commit)\""),
        .define("EOS_BUILD_DIRTY", to: isDirty ? "1" : "0"),
      ]),
    .executableTarget(
      name: "eos-sweep",
      dependencies: [
        "Bench", "CBuildInfo", "Console", "Files", "HDF5", "Jobs", "Learning", "LinearAlgebra", "MPI",
        "NodeMemory", "Problems", "ProgramExecutor", "Schema", "Shards", "Sweep", "Training",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),

    .executableTarget(
      name: "generate-documents", dependencies: ["Jobs", "Schema", "Shards"], swiftSettings: strict),

    // MARK: - Tests
    tests("MPI", exclude: ["README.md"]),
    .executableTarget(
      name: "mpi-abort-probe", dependencies: ["MPI"], path: "Tests/MPIAbortProbe",
      exclude: ["abort-ends-the-job"], swiftSettings: strict),
    .target(
      name: "TestSupport", path: "Tests/TestSupport", swiftSettings: strict),
    .target(
      name: "JobFixtures", dependencies: ["Jobs", "Problems"], path: "Tests/JobFixtures",
      swiftSettings: strict),
    .target(
      name: "Conformance",
      dependencies: [
        "Datasets", "Learning", "LinearAlgebra", "Optimizers", "Schema", "Spectra", "TensorProgram",
      ],
      path: "Tests/Conformance", swiftSettings: strict),
    tests("Schema", ["Problems"]),
    tests("Files", ["Problems", "TestSupport"]),
    tests("HDF5", ["TestSupport"]),
    tests("Digests"),
    .executableTarget(
      name: "board-probe", dependencies: ["NodeMemory"], path: "Tests/BoardProbe", swiftSettings: strict),
    tests("NodeMemory"),
    tests("LinearAlgebra", ["CVectorKernels", "TestSupport"]),
    tests("Complementarity", ["LinearAlgebra", "TestSupport"]),
    tests("Datasets", ["HDF5", "LinearAlgebra", "NodeMemory", "Problems", "TestSupport"]),
    tests(
      "Probes",
      [
        "Conformance", "Datasets", "Learning", "LinearAlgebra", "Optimizers", "Schema", "Spectra",
        "TestSupport",
      ]
    ),
    tests(
      "Jobs",
      [
        "Datasets", "Flows", "HDF5", "JobFixtures", "Learning", "Optimizers", "Probes", "Problems", "Schema",
        "TestSupport",
      ]),
    tests("Console"),
    tests(
      "Training",
      [
        "Conformance", "Datasets", "Flows", "JobFixtures", "Jobs", "Learning", "LinearAlgebra", "Optimizers",
        "Probes", "Problems", "Schema", "Shards", "TestSupport",
      ]),
    tests(
      "Sweep",
      [
        "Files", "JobFixtures", "Jobs", "NodeMemory", "Problems", "Schema", "Shards", "TestSupport",
        "Training",
      ]),
    tests("ProgramExecutor", ["Conformance", "LinearAlgebra", "TensorProgram", "TestSupport"]),
    tests("TensorProgram", ["Conformance", "TestSupport"]),
    tests("Optimizers", ["Conformance", "LinearAlgebra", "Schema", "TestSupport"]),
    tests("Spectra", ["Conformance", "LinearAlgebra", "TestSupport"]),
    tests(
      "Flows",
      [
        "Conformance", "Datasets", "Learning", "LinearAlgebra", "Optimizers", "Schema", "Spectra",
      ]),
    tests(
      "Learning", ["Conformance", "Datasets", "LinearAlgebra", "Problems", "TensorProgram", "TestSupport"]),
    tests("Shards", ["Files", "HDF5", "Optimizers", "Probes", "Problems", "Schema", "TestSupport"]),
  ]
)
