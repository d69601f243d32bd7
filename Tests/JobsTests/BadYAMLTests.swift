import Datasets
import Foundation
import JobFixtures
import Problems
import Testing
import TestSupport

@testable import Jobs

@Suite struct BadYAMLTests {
  @Test(arguments: [
    ("", ["job.yaml:", "it holds nothing", "begin with"]),
    ("# only a comment\n", ["it holds nothing", "begin with"]),
    ("- a\n- b\n", ["job.yaml:1:", "it holds a list", "begin with"]),
    ("just words\n", ["job.yaml:1:", "it holds a single value", "begin with"]),
    ("name: a\nname: b\n", ["job.yaml:", "twice", "'name'", "keep one"]),
    ("name: a\ndata:\n\tname: b\n", ["job.yaml:3:", "not valid YAML", "spaces"]),
    ("name: [a\ndata: b\n", ["job.yaml:", "not valid YAML", "brackets"]),
    ("name: \"a\ndata: b\n", ["job.yaml:", "not valid YAML", "quotes"]),
    ("name: a\n  data: b\n", ["job.yaml:2:", "not valid YAML", "indentation"]),
    ("name: &x a\n", ["job.yaml:1:", "anchors", "write the value out"]),
    ("a: &x [1]\nb: *x\n", ["job.yaml:", "anchors", "write the value out"]),
    ("a: *unknown\n", ["job.yaml:1:", "undefined alias", "write the value out"]),
    ("name: !!binary x\n", ["job.yaml:1:", "tag", "remove"]),
    ("? [a, b]\n: 1\n", ["job.yaml:1:", "not a plain word", "key: value"]),
    ("name: a\n---\nname: b\n", ["job.yaml:", "another document", "keep one document"]),
    ("name: t\r\nstop:\r\n\tsteps: 3\r\n", ["job.yaml:3:", "spaces"]),
    ("name: t\rstop:\r\tsteps: 3\r", ["job.yaml:3:", "spaces"]),
    ("%YAML 1.2\nname: a\n", ["job.yaml:2:", "not valid YAML", "a line '---'"]),
    ("name: a\nseed:\u{A0}3\nloss: mse\n", ["job.yaml:2:", "U+00A0 NO-BREAK SPACE", "plain spaces"]),
    ("name: a\nseed\u{FF1A}3\nloss: mse\n", ["job.yaml:2:", "U+FF1A FULLWIDTH COLON", "plain spaces"]),
    ("name: a\nloss: m\u{2028}se\n", ["job.yaml:2:", "U+2028 LINE SEPARATOR", "remove the character"]),
    ("name: a\nloss: m\u{85}se\n", ["job.yaml:2:", "U+0085", "remove the character"]),
    ("stop: {steps: 1,000}\n", ["job.yaml:1:", "'1,000' is cut in two", "write 1000"]),
    ("model: {hidden: (10,10)}\n", ["job.yaml:1:", "'(10,10)' is cut in two", "square brackets"]),
    ("name: a\u{0}b\n", ["job.yaml:1:", "not valid YAML", "remove the character"]),
  ])
  func `a text that is no job is named by line with a remedy`(text: String, expected: [String]) {
    let problems = JobText.problems(text)
    for fragment in expected {
      #expect(problems.first?.contains(fragment) == true, "\(fragment) is not in: \(problems)")
    }
  }

  @Test(arguments: [
    "# a\u{2028}b\n# c\u{2029}d\u{85}e\n", "# a\r\n# b\r\n", "# a\r# b\r", "\u{FEFF}# a\n\u{FEFF}# b\n",
    "%YAML 1.2\n---\n",
  ])
  func `lines are counted as an editor counts them`(beginning: String) {
    let problems = JobText.problems(beginning + JobText.with() + "lr: 3\n")
    #expect(problems.count == 1)
    #expect(problems.first?.hasPrefix("job.yaml:10: key 'lr'") == true, "\(problems)")
  }

  @Test func `files in other encodings are named`() throws {
    let folder = try TemporaryFolder()
    for (encoding, name) in [
      (String.Encoding.utf16, "UTF-16"), (.utf16LittleEndian, "UTF-16"), (.utf16BigEndian, "UTF-16"),
      (.utf32, "UTF-32"), (.utf32LittleEndian, "UTF-32"), (.utf32BigEndian, "UTF-32"),
    ] {
      let path = try folder.write(Array(try #require(JobText.with().data(using: encoding))), to: "job.yaml")
      let error = #expect(throws: JobError.self) { try JobFile.load(path: path) }
      #expect(error?.description == "\(path): it is \(name) text, not UTF-8 text; save it as UTF-8")
    }
    let latin = try folder.write(Array("name: t\n# ".utf8) + [0xE9, 0x0A], to: "latin.yaml")
    let error = #expect(throws: JobError.self) { try JobFile.load(path: latin) }
    #expect(error?.description.hasPrefix("\(latin):2: it is not UTF-8") == true)
  }

  @Test func `every problem stays on one line`() {
    for text in ["\n", "\r", "\u{2028}", "\u{1B}[1m", "\u{7}", "\u{85}"] {
      for problem in JobText.problems(JobText.with(), overrides: ["name=\"a\(text)b\"", "zebra=\(text)"]) {
        #expect(!problem.unicodeScalars.contains { $0.properties.generalCategory == .control })
        #expect(!problem.contains { $0.isNewline })
      }
    }
  }

  @Test func `brackets without end do not exhaust the stack`() {
    #expect(JobText.problems(String(repeating: "[", count: 100_000)).count == 1)
    let closed = String(repeating: "[", count: 20_000) + String(repeating: "]", count: 20_000)
    #expect(JobText.problems("name: " + closed).count == 1)
  }

  @Test func `files that cannot be read are named with a remedy`() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "jobs-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let latin = folder.appending(path: "latin.yaml")
    try Data([0x6E, 0x61, 0x6D, 0x65, 0x3A, 0x20, 0xE9]).write(to: latin)

    let cases = [
      ("\(folder.path)/missing.yaml", "no such file", "correct the path"),
      (folder.path, "is a directory", "name a job file"),
      (latin.path, "not UTF-8", "save it as UTF-8"),
    ]
    for (path, sentence, remedy) in cases {
      let error = #expect(throws: JobError.self) { try JobFile.load(path: path) }
      #expect(error?.problems.count == 1)
      #expect(error?.description.hasPrefix(path) == true)
      #expect(error?.description.contains(sentence) == true)
      #expect(error?.description.contains(remedy) == true)
    }
  }
}
