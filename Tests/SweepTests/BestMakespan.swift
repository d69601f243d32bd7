import Foundation

@testable import Sweep

/// Whether any schedule of a few runs ends before a time, by trying all that change groups where a run ends.
///
/// Knows what everything takes; a run that goes on in another group loses `restart` seconds, one that is put aside gives its
/// ranks back at once.
struct BestMakespan {
  private struct Item {
    var left: Double
    var size = 0
    let maximum: Int
    var delay = 0.0
    var isFresh = true
  }

  let ranks: Int
  let world: SchedulerSimulation.World
  private var restart: Double { world.saving + world.starting }

  func canEnd(_ runs: [Scheduler.Run], before end: Double) -> Bool {
    search(runs.map { Item(left: $0.cost, maximum: min($0.maximumGroup, ranks)) }, end)
  }

  private func search(_ items: [Item], _ end: Double) -> Bool {
    if items.isEmpty { return end > 0 }
    let mean = items.reduce(0) { $0 + $1.left } / Double(ranks)
    let longest = items.reduce(0) { max($0, $1.left / world.speed($1.maximum)) }
    guard max(mean, longest) < end else { return false }
    return allocate(items, from: 0, free: ranks, items, end)
  }

  /// Tries all sizes of the groups from the run `index` on.
  private func allocate(_ old: [Item], from index: Int, free: Int, _ items: [Item], _ end: Double) -> Bool {
    guard index < old.count else { return advance(items, end) }
    var size = old[index].maximum
    while true {
      if size <= free {
        var items = items
        if size != old[index].size {
          items[index].size = size
          items[index].delay = old[index].isFresh ? 0 : restart
          items[index].isFresh = old[index].isFresh && size == 0
        }
        if allocate(old, from: index + 1, free: free - size, items, end) { return true }
      }
      if size == 0 { return false }
      size /= 2
    }
  }

  /// Goes on until the next run ends.
  private func advance(_ items: [Item], _ end: Double) -> Bool {
    let ends = items.filter { $0.size > 0 }.map { $0.delay + $0.left / world.speed($0.size) }
    guard let step = ends.min(), step < end else { return false }
    var rest: [Item] = []
    for var item in items {
      if item.size > 0 {
        let idle = min(item.delay, step)
        item.delay -= idle
        item.left -= (step - idle) * world.speed(item.size)
      }
      if item.left > 1e-9 { rest.append(item) }
    }
    return search(rest, end - step)
  }
}
