import PropertyTesting
import ScanModel
import Testing

@testable import TaskerCoordinator

/// Lives with anything in them: claims, lost confirms, starts, results of this attempt and of earlier ones, looks that find
/// what they like, stops, takeovers, and answers of Redis that are lost.
struct TargetLifePropertyTests {
    @Test("one outcome, attempts that only grow, stale news without effect, and nothing that Redis would refuse")
    func anyLife() {
        forAll { random in
            var simulation = LifeSimulation(&random)
            for _ in 0..<60 {
                let before = simulation.stored
                simulation.step()
                if let objection = simulation.objections.first { return objection }
                if !simulation.isAgreed { return "\(simulation.stored as Any) is not \(simulation.life as Any)" }
                let outcomes = simulation.stored == nil ? 1 : 0
                if simulation.outcomes != outcomes { return "\(simulation.outcomes) outcomes" }
                guard let task = simulation.stored?.task, let earlier = before?.task else { continue }
                if order(task) < order(earlier) { return "\(task) after \(earlier)" }
                if task.attempt > simulation.maximumAttempts { return "\(task)" }
            }
            return nil
        }
    }

    @Test("a life comes to its end although no worker is heard any more, whether its task is found or not")
    func silence() {
        forAll { random in
            var simulation = LifeSimulation(&random)
            for _ in 0..<Int.random(in: 0..<20, using: &random) { simulation.step() }
            let isHeld = Bool.random(using: &random)
            // Two phases of up to four attempts, each a deadline or a search and a pause.
            let end = simulation.now + (.seconds(120) + .seconds(64)) * 8
            while simulation.stored != nil, simulation.now < end {
                simulation.dispatch()
                simulation.confirm()
                if isHeld { simulation.start() }
                simulation.advance(by: .seconds(1))
                simulation.look(isHeld ? .there : .nowhere)
                simulation.finishImport()
            }
            if let objection = simulation.objections.first { return objection }
            return simulation.outcomes == 1 ? nil : "\(simulation.life as Any) goes on"
        }
    }

    private func order(_ task: TaskReference) -> Int {
        task.attempt + (task.phase == .services ? 100 : 0)
    }
}
