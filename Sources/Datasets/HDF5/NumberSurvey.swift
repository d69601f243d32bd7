/// What is seen of an array while its numbers pass: signs that it is not what its author meant.
struct NumberSurvey {
  private let marks: [Double]
  private var marked: [Double: Int] = [:]
  private var firstRow: [Double] = []
  private var rowsDiffer = false
  private var rows = 0
  private var lastRowWithNumbers = -1
  private var lost = 0
  private var kept = 0

  /// Begins a survey; `marks` are numbers that stand for missing ones.
  init(marks: [Double]) { self.marks = marks }

  /// Takes the next number; `isLost` where it is not 0, but becomes 0 in the run's number format.
  mutating func take(_ value: Double, row: Int, column: Int, isLost: Bool) {
    rows = row + 1
    if value != 0 { lastRowWithNumbers = row }
    if isLost { lost += 1 } else if value != 0 { kept += 1 }
    if row == 0 {
      firstRow.append(value)
    } else if !rowsDiffer, firstRow[column] != value {
      rowsDiffer = true
    }
    if !marks.isEmpty, marks.contains(value) { marked[value, default: 0] += 1 }
  }

  /// Whether numbers other than 0 were taken, and all of them are lost.
  var areAllLost: Bool { lost > 0 && kept == 0 }

  /// What is worth a note about an array of this name.
  func notes(_ name: String, isInput: Bool) -> [String] {
    var notes = notesOnMarks(name)
    let zeros = rows - 1 - lastRowWithNumbers
    if rows > 1, !rowsDiffer {
      notes.append("every row of \(name) is the same")
    } else if isInput, zeros > 1 {
      notes.append("the last \(zeros) rows of \(name) are all zeros: was it written to its end?")
    }
    return notes
  }

  /// How many of the numbers stand for missing ones.
  func notesOnMarks(_ name: String) -> [String] {
    marked.sorted { $0.key < $1.key }.map { mark, count in
      let numbers = count == 1 ? "1 number of \(name) is" : "\(count) numbers of \(name) are"
      return "\(numbers) \(mark), which the file marks as missing, and taken as stored"
    }
  }
}
