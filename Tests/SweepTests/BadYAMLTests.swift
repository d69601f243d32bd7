import Foundation
import Testing

@testable import Sweep

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
    ("name: a\u{0}b\n", ["job.yaml:1:", "not valid YAML", "remove the character"]),
  ])
  func `a text that is no job is named by line with a remedy`(text: String, expected: [String]) {
    let problems = JobText.problems(text)
    for fragment in expected {
      #expect(problems.first?.contains(fragment) == true, "\(fragment) is not in: \(problems)")
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
      ("\(folder.path)/missing.yaml", "no such file", "check the path"),
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
