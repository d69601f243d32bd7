import Datasets
import JobFixtures
import Testing

@testable import Jobs

/// A line put into a small valid job, and what the message must contain: the place, the key, the remedy.
struct BadLine: CustomTestStringConvertible, Sendable {
  let line: String
  let expected: [String]
  var testDescription: String { line }

  init(_ line: String, _ expected: String...) {
    self.line = line
    self.expected = expected
  }
}

@Suite struct BadJobTests {
  @Test func `the job that the tests vary is valid`() {
    #expect(JobText.problems(JobText.with()) == [])
  }

  @Test(arguments: [
    // Keys
    BadLine("optmizer: {name: gd}", ":8:", "'optmizer'", "did you mean 'optimizer'", "keys at the top"),
    BadLine("momentum: 0.9", ":8:", "'momentum'", "did you mean 'optimizer.momentum'"),
    BadLine("zebra: 1", ":8:", "'zebra'", "unknown", "keys at the top: name"),
    BadLine("optimizr.name: gd", ":8:", "'optimizr.name'", "did you mean 'optimizer'", "sections:"),
    BadLine("stop: {stepz: 10}", ":7:", "'stop.stepz'", "did you mean 'stop.steps'", "keys in stop: steps"),
    BadLine("measure: {every: {value: 3}}", ":8:", "'measure.every'", "a map", "write one value"),
    BadLine("learning_rate.value: 3", ":8:", "'learning_rate.value'", "unknown", "sections:"),
    BadLine("stop: 10", ":7:", "'stop'", "a map of keys belongs", "keys: steps"),
    BadLine("stop: [10]", ":7:", "'stop'", "a list outside the grid", "under 'grid'"),
    BadLine("optimizer.name: gd", ":8:", "'optimizer.name'", "set twice", "keep either"),
    BadLine("optimizer: {momentum: 0.9}", ":4:", "'optimizer.name'", "missing", "gd, heavy-ball"),
    BadLine(
      "optimizer: {name: adam, momentum: 0.9}", ":4:", "'optimizer.momentum'", "adam", "adam has beta1"),
    BadLine("optimizer: {name: gd, momentum: 0.9}", ":4:", "'optimizer.momentum'", "gd", "remove it"),
    BadLine(
      "model: {name: deep-linear, hidden: [3]}", ":3:", "'model.hidden'", "deep-linear has depth, width"),
    BadLine("data: {name: cifar10}", ":2:", "'data.path'", "missing", "write a path"),
    BadLine(
      "data: {name: chebyshev, path: x}", ":2:", "'data.path'", "does not belong to chebyshev", "degree"),
    // Names
    BadLine("optimizer: adma", ":4:", "'optimizer.name'", "did you mean 'adam'", "known: gd"),
    BadLine("model: {name: mpl}", ":3:", "'model.name'", "did you mean 'mlp'", "known: mlp"),
    BadLine("model: {name: mlp, activation: rleu}", ":3:", "'model.activation'", "did you mean 'relu'"),
    BadLine("data: {name: cifar}", ":2:", "'data.name'", "'cifar' is unknown", "known: chebyshev"),
    BadLine("loss: mes", ":8:", "'loss'", "did you mean 'mse'", "known: mse, cross-entropy"),
    BadLine("precision: half", ":8:", "'precision'", "'half' is unknown", "known: float, double"),
    BadLine("name: a/b", ":1:", "'name'", "cannot name a directory", "use letters"),
    // Numbers
    BadLine("learning_rate: -0.1", ":5:", "'learning_rate'", "-0.1 is out of range", "greater than 0"),
    BadLine("learning_rate: 0", ":5:", "'learning_rate'", "0 is out of range", "greater than 0"),
    BadLine("learning_rate: .nan", ":5:", "'learning_rate'", "not a finite number", "write a number"),
    BadLine("learning_rate: -inf", ":5:", "'learning_rate'", "not a finite number", "write a number"),
    BadLine("learning_rate: 1e999", ":5:", "'learning_rate'", "too large", "1e300"),
    BadLine("learning_rate: 1e-999", ":5:", "'learning_rate'", "too small", "1e-300"),
    BadLine(
      "learning_rate: 0.1234567890123456789", ":5:", "'learning_rate'", "more digits", "0.12345678901234568"),
    BadLine("learning_rate: fast", ":5:", "'learning_rate'", "'fast' is not a number", "write a number"),
    BadLine("learning_rate: 0x1p-3", ":5:", "'learning_rate'", "not a number", "write a number"),
    BadLine("learning_rate: \"0.1\"", ":5:", "'learning_rate'", "is quoted", "without quotes"),
    BadLine("learning_rate:", ":5:", "'learning_rate'", "no value", "or remove the key"),
    BadLine("learning_rate: ~", ":5:", "'learning_rate'", "no value", "or remove the key"),
    BadLine("learning_rate: [0.1, 0.2]", ":5:", "'learning_rate'", "a list outside the grid", "under 'grid'"),
    BadLine("learning_rate: {logspace: [1, 2], count: 2}", ":5:", "'learning_rate'", "under 'grid'"),
    BadLine("seed: 99999999999999999999", ":8:", "'seed'", "64 bits", "write at most"),
    BadLine("seed: 1.5", ":8:", "'seed'", "not a whole number", "from 0"),
    BadLine("stop: {steps: 1e4}", ":7:", "'stop.steps'", "not a whole number", "here 10000"),
    BadLine("stop: {steps: -1}", ":7:", "'stop.steps'", "out of range", "from 0"),
    BadLine("stop: {steps: 9223372036854775807}", ":7:", "'stop.steps'", "out of range", "to 10000000000"),
    BadLine("stop: {train_accuracy: 99}", ":7:", "'stop.train_accuracy'", "out of range", "at most 1"),
    BadLine("stop: {loss_limit: 1}", ":7:", "'stop.loss_limit'", "out of range", "greater than 1"),
    BadLine("batch_size: 0", ":6:", "'batch_size'", "out of range", "or full"),
    BadLine("batch_size: ful", ":6:", "'batch_size'", "not a whole number", "or full"),
    BadLine("block_size: 0", ":8:", "'block_size'", "out of range", "from 1"),
    BadLine("block_size: 9223372036854775807", ":8:", "'block_size'", "out of range", "to 2147483648"),
    BadLine("ranks_per_run: 3", ":8:", "'ranks_per_run'", "not a power of two", "1, 2, 4"),
    BadLine("measure: {every: 0}", ":8:", "'measure.every'", "out of range", "or never"),
    BadLine("measure: {top: 0}", ":8:", "'measure.top'", "out of range", "from 1"),
    BadLine("measure: {tolerance: 2}", ":8:", "'measure.tolerance'", "out of range", "less than 1"),
    BadLine(
      "measure: {at: middle}", ":8:", "'measure.at'", "'middle' is unknown", "known: iterate, midpoint"),
    BadLine("measure: {track: 0}", ":8:", "'measure.track'", "out of range", "greater than 0"),
    BadLine("measure: {track: 1.5}", ":8:", "'measure.track'", "out of range", "or none"),
    BadLine("measure: {smallest: 1}", ":8:", "'measure.smallest'", "neither true nor false"),
    BadLine("measure: {cold_every: 0}", ":8:", "'measure.cold_every'", "out of range", "or never"),
    BadLine("measure: {trace: 1}", ":8:", "'measure.trace'", "out of range", "from 2 or none"),
    BadLine(
      "measure: {density_steps: 0}", ":8:", "'measure.density_steps'", "out of range", "from 1 to 1000"),
    BadLine("measure: {per_layer: 3}", ":8:", "'measure.per_layer'", "neither true nor false"),
    BadLine("measure: {noise_scale: full}", ":8:", "'measure.noise_scale'", "'full'", "or none"),
    BadLine("measure: {examples: some}", ":8:", "'measure.examples'", "'some'", "or all"),
    BadLine("measure: {batch_sharpnes: 3}", ":8:", "did you mean 'measure.batch_sharpness'"),
    BadLine("measure: {examples: 21}", ":8:", "'measure.examples'", "the 20 training examples", "at most 20"),
    BadLine("measure: {test: yes}", ":8:", "'measure.test'", "neither true nor false", "true or false"),
    BadLine("lr: 0.1", ":8:", "'lr'", "did you mean 'learning_rate'"),
    BadLine("schedule: {relative: 1.2}", ":8:", "did you mean 'schedule.unit'"),
    BadLine("schedule: {name: piecewise, at: [], factors: []}", ":8:", "'schedule.at'", "name: constant"),
    BadLine("optimizer: {name: adadelta, epsilon: 0}", ":4:", "'optimizer.epsilon'", "more than 0"),
    BadLine(
      "schedule: {name: cosine, warmup: 5, steps: 5}", ":8:", "'schedule.warmup'", "over at step 5",
      "write less than 5"),
    BadLine("optimizer: {name: adam, beta1: 1}", ":4:", "'optimizer.beta1'", "out of range", "less than 1"),
    BadLine("model: {name: mlp, hidden: 10}", ":3:", "'model.hidden'", "write a list", "here [10]"),
    BadLine("model: {name: mlp, hidden: [10, 0]}", ":3:", "'model.hidden'", "0 is out of range", "from 1"),
    BadLine("model: {name: mlp, hidden: [[10]]}", ":3:", "'model.hidden'", "a list where a number belongs"),
    BadLine("model: {name: mlp, hidden: 10 10}", ":3:", "'model.hidden'", "write a list", "here [10, 10]"),
    // What other programs, languages and habits write
    BadLine("precision: float64", ":8:", "'float64' is unknown", "did you mean 'double'?"),
    BadLine("precision: torch.float32", ":8:", "is unknown", "did you mean 'float'?"),
    BadLine("steps: 100", ":8:", "'steps'", "did you mean 'stop.steps'?"),
    BadLine("optimizer: {name: gd, lr: 0.1}", ":4:", "'optimizer.lr'", "did you mean 'learning_rate'?"),
    BadLine("optim: {name: gd}", ":8:", "'optim'", "did you mean 'optimizer'?"),
    BadLine("training: {steps: 3}", ":8:", "'training'", "stand at the top"),
    BadLine("learning-rate: 3", ":8:", "did you mean 'learning_rate'?"),
    BadLine("hiddenSizes: [3]", ":8:", "did you mean 'model.hidden' (of mlp and cnn)?"),
    BadLine("schedule: {name: cosine, step: 5}", ":8:", "did you mean 'schedule.steps' (of cosine)?"),
    BadLine("device: cuda", ":8:", "'device'", "CPUs; remove it"),
    BadLine("optimizer: adamax", ":4:", "'adamax' is unknown; known: gd"),
    BadLine("optimizer: {name: adam, momentum: 0.9}", ":4:", "or write 'beta1'", "a key of heavy-ball"),
    BadLine("model: {name: mlp, hidden: \"[10, 10]\"}", ":3:", "text where a list", "here [10, 10]"),
    BadLine("model: {name: mlp, hidden: [1e2, 10k]}", ":3:", "not a whole number", "here [100, 10000]"),
    BadLine("seed = 3", ":8:", "not valid YAML", "with a colon"),
    BadLine("seed: 1_000", ":8:", "not a whole number", "here 1000"),
    BadLine("stop: {steps: 10k}", ":7:", "not a whole number", "here 10000"),
    BadLine("learning_rate: 0,5", ":5:", "not a number", "here 0.5"),
    BadLine("loss: ms\u{435}", ":8:", "is unknown (it holds U+0435 CYRILLIC SMALL LETTER IE)"),
    BadLine("measure: {every:\u{A0}5}", ":8:", "U+00A0 NO-BREAK SPACE", "a space behind ':'"),
    BadLine("measure: {test: \"yes\"}", ":8:", "'yes' is quoted", "without quotes"),
    BadLine("seed: \"3\"", ":8:", "'3' is quoted", "without quotes"),
    BadLine("learning_rate: {min: 0.1, max: 1}", ":5:", "{learning_rate: {linspace: [0.1, 1], count: 5}}"),
    BadLine("name: \(String(repeating: "a", count: 201))", ":1:", "'name'", "201 letters", "at most 200"),
    BadLine("init: {file: ~/w.h5}", ":8:", "'init.file'", "~", "the whole path"),
    BadLine("init: {file: $HOME/w.h5}", ":8:", "'init.file'", "nothing expands $"),
    // Keys against each other and the data
    BadLine("batch_size: 21", ":6:", "'batch_size'", "larger than the 20 training examples", "at most 20"),
    BadLine("loss: cross-entropy", ":8:", "'loss'", "needs classes", "loss: mse"),
    BadLine("stop: {train_accuracy: 0.9}", ":7:", "'stop.train_accuracy'", "no classes", "train_loss"),
    BadLine(
      "model: {name: mlp, hidden: [9], gains: [1, 1, 1]}", ":3:", "'model.gains'", "3 entries for 2 layers",
      "leave some out"),
    BadLine("model: {name: mlp, hidden: [1000000, 1000000]}", ":3:", "'model.name'", "parameters", "smaller"),
    BadLine(
      "model: {name: mlp, hidden: [46339, 46339]}", ":3:", "'model.name'", "ranks", "at most 2147483644"),
    BadLine(
      "measure: {track: 0.5, max_tracked: 1}", ":8:", "'measure.max_tracked'", "measure.top", "at least 2"),
    BadLine("measure: {top: 40}", ":8:", "'measure.top'", "a model with 31 parameters", "at most 31"),
    BadLine(
      "init: {file: no/such.h5}", ":8:", "'init.file'", "no/such.h5 does not exist", "correct the path"),
    BadLine("data: {name: deep-linear, examples: 10}", ":2:", "'data.examples'", "orthogonal", "at least 50"),
    BadLine(
      "data: {name: gaussian-mixture, examples: 100000000, features: 1000000}", ":2:", "'data.examples'",
      "numbers", "at most \(DataConfiguration.maximumNumbers) numbers"),
    BadLine(
      "data: {name: deep-linear, examples: 1000000, dimension: 10000}", ":2:", "'data.examples'",
      "would hold 10000000000 numbers", "at most \(DataConfiguration.maximumNumbers) numbers"),
    BadLine(
      "data: {name: gaussian-mixture, examples: all}", ":2:", "'data.examples'", "not possible", "a number"),
    BadLine(
      "data: {name: gaussian-mixture, targets: signed}", ":2:", "'data.targets'", "2 classes", "classes: 2"),
    BadLine(
      "data: {name: cifar10, path: no/where}", ":2:", "'data.path'", "no/where does not exist", "correct"),
    BadLine(
      "data: {name: idx, path: no/where}", ":2:", "'data.path'", "no/where does not exist", "correct the path"
    ),
    BadLine(
      "data: {name: idx, images: x}", ":2:", "'data.images'", "only one of images and labels", "give both"),
    BadLine("data: {name: hdf5, path: no.h5}", ":2:", "'data.path'", "no.h5 does not exist", "correct"),
  ])
  func `a bad line is named with its key and a remedy`(_ bad: BadLine) {
    let problems = JobText.problems(JobText.with(bad.line))
    #expect(problems.count == 1, "\(problems)")
    for fragment in bad.expected {
      #expect(problems.first?.contains(fragment) == true, "\(fragment) is not in: \(problems)")
    }
  }

  @Test(arguments: [
    BadLine("grid: []", ":8:", "'grid'", "empty", "or remove 'grid'"),
    BadLine("grid: {seed: [1]}", ":8:", "'grid'", "a map where a list of blocks belongs", "'- '"),
    BadLine("grid: 3", ":8:", "'grid'", "a single value where a list of blocks belongs", "'- '"),
    BadLine("grid: [seed]", ":8:", "'grid'", "a block is a single value", "seed: [0, 1]"),
    BadLine("grid:\n  - seed: []", ":9:", "'seed'", "list is empty", "at least one"),
    BadLine("grid:\n  - seed: [1, 2, 1]", ":9:", "'seed'", "repeats 1", "keep it once"),
    BadLine("grid:\n  - learning_rate: [0.1, 1e-1]", ":9:", "'learning_rate'", "repeats 0.1", "keep it once"),
    BadLine("grid:\n  - optimizer: [gd, {name: gd}]", ":9:", "'optimizer'", "repeats gd", "keep it once"),
    BadLine("grid:\n  - seed: [1, x]", ":9:", "'seed'", "'x' is not a whole number", "from 0"),
    BadLine("grid:\n  - sed: [1]", ":9:", "'sed'", "did you mean 'seed'"),
    BadLine("grid:\n  - name: [a, b]", ":9:", "'name'", "belongs to the whole sweep", "out of the grid"),
    BadLine("grid:\n  - optimizer: {name: adam, betta1: 0.9}", ":9:", "'optimizer.betta1'", "did you mean"),
    BadLine(
      "grid:\n  - optimizer: [nesterov, {name: heavy-ball, momentum: 0}]\n    optimizer.momentum: 0.1",
      ":10:",
      "'optimizer.momentum'", "set twice", "keep either"),
    BadLine("grid:\n  - optimizer.name: [gd]\n    optimizer: {name: gd}", "'optimizer.name'", "set twice"),
    BadLine(
      "grid:\n  - learning_rate: {logspace: [0, 1], count: 3}", ":9:", "'learning_rate'", "greater than 0"),
    BadLine(
      "grid:\n  - learning_rate: {logspace: [-1, 1], count: 3}", ":9:", "'learning_rate'", "out of range"),
    BadLine("grid:\n  - learning_rate: {logspace: [1, 2], count: 1}", ":9:", "'learning_rate'", "from 2"),
    BadLine(
      "grid:\n  - learning_rate: {logspace: [1, 2]}", ":9:", "'learning_rate'", "needs a count", "count: n"),
    BadLine("grid:\n  - learning_rate: {linspace: [1], count: 2}", ":9:", "'learning_rate'", "two ends"),
    BadLine("grid:\n  - learning_rate: {linspace: 1, count: 2}", ":9:", "'learning_rate'", "write a list"),
    BadLine("grid:\n  - learning_rate: {logspce: [1, 2], count: 2}", ":9:", "'logspce'", "{logspace: [a, b]"),
    BadLine("grid:\n  - learning_rate: {count: 2}", ":9:", "'learning_rate'", "exactly one of"),
    BadLine("grid:\n  - learning_rate: {logspace: [1, 2], step: 2}", ":9:", "'step' does not go", "'count'"),
    BadLine("grid:\n  - learning_rate: {linspace: [1, 1], count: 2}", ":9:", "'learning_rate'", "repeats 1"),
    BadLine("grid:\n  - seed: {range: [3, 1]}", ":9:", "'seed'", "a first and a last", "{range: [0, 9]}"),
    BadLine(
      "grid:\n  - seed: {range: [0, 3000000]}", ":9:", "'seed'", "more than 1000000 values", "larger step"),
    BadLine(
      "grid:\n  - seed: {range: [0, 999]}\n    learning_rate: {linspace: [1, 2], count: 2000}", "'grid'",
      "points"),
    BadLine("grid:\n  - learning_rate: [0,1, 0,2]", ":9:", "a comma separates", "[0.1, 0.2]"),
    BadLine("grid:\n  - learning_rate: [1,5, 1,6]", ":9:", "a comma separates", "[1.5, 1.6]"),
    BadLine("grid:\n  - learning_rate: 0.1,0.2", ":9:", "not a number", "[0.1, 0.2] under 'grid'"),
    BadLine("grid:\n  - learning_rate: {values: [0.1, 0.2]}", ":9:", "no kind of range", "write [0.1, 0.2]"),
    BadLine(
      "grid:\n  - learning_rate: {min: 1e-3, max: 0.1, distribution: log_uniform_values}", ":9:",
      "write {logspace: [1e-3, 0.1], count: 5}"),
    BadLine("grid:\n  - seed: {low: 0, high: 3}", ":9:", "write {range: [0, 3]}"),
    BadLine("grid:\n  - lr: [0.1]", ":9:", "'lr'", "did you mean 'learning_rate'?"),
    BadLine("grid:\n  - batch_size: [5, 10, 21]", ":9:", "'batch_size'", "larger than the 20", "at most 20"),
    BadLine(
      "grid:\n  - optimizer: [{name: adam}]\n    optimizer.momentum: [0.9]", ":10:", "'optimizer.momentum'",
      "adam"),
  ])
  func `a bad grid is named with its key and a remedy`(_ bad: BadLine) {
    let problems = JobText.problems(JobText.with(bad.line))
    #expect(problems.count == 1, "\(problems)")
    for fragment in bad.expected {
      #expect(problems.first?.contains(fragment) == true, "\(fragment) is not in: \(problems)")
    }
  }

  @Test(arguments: [
    "measure: {test: True, smallest: FALSE, per_layer: \"true\"}", "batch_size: \"full\"",
    "stop: {steps: 3, train_loss: \"none\"}", "model: {name: mlp, hidden: [10], output_bias: False}",
    "{}",
  ])
  func `truth values and words may be spelled as YAML and JSON spell them`(line: String) throws {
    if line == "{}" {
      let json =
        "{\n\t\"name\": \"t\", \"data\": {\"name\":\"chebyshev\"},\n\t\"model\": {\"name\": \"mlp\"},"
      let rest = "\n\t\"optimizer\": \"gd\",\n\t\"learning_rate\": 1e-1,\n\t\"batch_size\": \"full\"\n}\n"
      #expect(try JobText.plan(json + rest).runs.count == 1)
    } else {
      #expect(JobText.problems(JobText.with(line)) == [])
    }
  }

  @Test func `all problems are reported, in the order of the file`() {
    let problems = JobText.problems(
      JobText.with("learning_rate: -1", "stop: {stepz: 1}", "grid: [{sed: [1]}]"))
    #expect(problems.map { $0.prefix(11) } == ["job.yaml:5:", "job.yaml:7:", "job.yaml:8:"])
  }

  @Test func `tracking what is not measured is a problem`() {
    let measure = "measure: {track: 0.75, preconditioned: false}"
    let problems = JobText.problems(JobText.with("optimizer: {name: adam}", "learning_rate: 0.001", measure))
    #expect(problems.count == 1)
    for fragment in [":8:", "'measure.track'", "write 'preconditioned: true' or 'track: none'"] {
      #expect(problems.first?.contains(fragment) == true, "\(fragment) is not in: \(problems)")
    }
    #expect(JobText.problems(JobText.with(measure)) == [])
  }

  @Test func `a problem of many runs is reported once`() {
    let problems = JobText.problems(JobText.with("batch_size: 30", "grid: [{seed: {range: [0, 99]}}]"))
    #expect(problems.count == 1)
  }
}
