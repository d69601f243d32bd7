import Datasets
import Foundation
import Learning
import Problems
import Schema
import Testing

@testable import Jobs

/// Every hint leads to a key and a value that exist and are accepted.
@Suite struct SynonymTests {
  private static let sections = [""] + KeyRegistry.sections

  /// The paths that a sentence proposes, such as `'stop.steps'`.
  private func proposals(_ text: String) -> [String] {
    text.matches(of: /'([a-z0-9_.]+)'(?: \(of [^)]*\))?(?: or |\?)/).map { String($0.output.1) }
  }

  @Test func `every word for a key leads to keys that exist, or says what to do`() {
    for (word, meaning) in Synonyms.keys {
      for path in meaning.paths {
        #expect(
          KeyRegistry.key(path) != nil || KeyRegistry.sections.contains(path) || path == "grid", "\(word)")
      }
      #expect(!meaning.paths.isEmpty || meaning.remark != nil, "\(word)")
      #expect(word == word.lowercased() && !word.contains("_"), "\(word)")
    }
  }

  @Test func `no word for a key hides a key that exists`() {
    for key in KeyRegistry.keys {
      let own = Synonyms.keys[Suggestion.plain(key.name)]
      // Keys that exist in a section are found in it before any word is looked up.
      #expect(own == nil || !key.section.isEmpty, "\(key.path)")
    }
  }

  @Test func `in every section, in the grid and on the command line a word leads to a key that is known`() {
    for word in Synonyms.keys.keys {
      let name = String(word.split(separator: ".").last ?? "")
      for section in Self.sections {
        let path = section.isEmpty ? name : "\(section).\(name)"
        if KeyRegistry.key(path) != nil || KeyRegistry.sections.contains(path) || path == "grid" { continue }
        let hint = KeyHint(path)
        #expect(!hint.remedy.isEmpty)
        for proposal in proposals(hint.question) {
          #expect(
            KeyRegistry.key(proposal) != nil || KeyRegistry.sections.contains(proposal) || proposal == "grid",
            "\(path): \(hint.question)")
        }
      }
    }
  }

  @Test(arguments: [
    ("steps", "stop.steps"), ("epochs", "stop.steps"), ("iters", "stop.steps"), ("lr", "learning_rate"),
    ("wd", "optimizer.weight_decay"), ("b1", "optimizer.beta1"), ("b2", "optimizer.beta2"),
    ("eps", "optimizer.epsilon"), ("momentum", "optimizer.momentum"), ("hidden_sizes", "model.hidden"),
    ("bs", "batch_size"), ("seeds", "seed"), ("dtype", "precision"), ("schedule.step", "schedule.steps"),
    ("schedule.gamma", "schedule.factors"), ("optimizer.steps", "stop.steps"), ("n_classes", "data.classes"),
    ("num-eigs", "measure.top"), ("Loss", "loss"), ("weight-decay", "optimizer.weight_decay"),
    ("optim.lr", "learning_rate"), ("stop.step", "stop.steps"), ("train.batch_size", "batch_size"),
  ])
  func `a word leads to what it means`(word: String, path: String) {
    #expect(KeyHint(word).paths.first == path)
  }

  @Test(arguments: [
    "device", "gpu", "num_workers", "output_dir", "wandb", "dropout", "shuffle", "grad_clip", "resume",
  ])
  func `what there is not is said with what to do`(word: String) {
    let hint = KeyHint(word)
    #expect(hint.paths.isEmpty)
    #expect(hint.remedy.contains("remove it"))
  }

  private func problem(_ key: Key, _ text: String) -> Problem? {
    let node = JobNode(content: .scalar(text, quoted: false), place: .whole)
    do {
      _ = try key.value(of: node)
      return nil
    } catch { return error }
  }

  @Test func `every word for a value is refused with a value that is accepted`() throws {
    for (path, words) in Synonyms.values {
      let key = try #require(KeyRegistry.key(path), "\(path)")
      for (word, meaning) in words {
        let problem = problem(key, word)
        if case .value(let value, _) = meaning {
          #expect(self.problem(key, value) == nil, "\(path): \(value)")
          #expect(problem?.remedy.hasPrefix("did you mean '\(value)'") == true, "\(path): \(word)")
        } else {
          #expect(problem != nil && problem?.remedy.contains("did you mean") == false, "\(path): \(word)")
        }
      }
    }
  }

  @Test func `words that stand for numbers lead to words that the key takes`() {
    for key in KeyRegistry.keys {
      for word in key.kind.words {
        for spelling in [word.uppercased(), word.capitalized] where problem(key, spelling) != nil {
          #expect(problem(key, spelling)?.remedy.hasPrefix("did you mean '\(word)'") == true, "\(key.path)")
        }
      }
    }
  }

  @Test(arguments: [
    ("optimizer.name", "radam"), ("optimizer.name", "adamax"), ("model.activation", "selu"),
    ("model.activation", "relu6"), ("data.name", "cifar100"), ("model.initialization", "kaiming-normal"),
    ("precision", "bfloat16"), ("loss", "mae"), ("schedule.name", "linear"),
  ])
  func `other things of a similar name get no hint`(path: String, word: String) throws {
    let problem = problem(try #require(KeyRegistry.key(path)), word)
    #expect(problem?.remedy.contains("did you mean") == false, "\(problem?.description ?? "")")
  }
}
