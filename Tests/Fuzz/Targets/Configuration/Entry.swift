import Dispatch
import Foundation
import FuzzDriver
import FuzzFunctions

@main
enum FuzzConfiguration {
    static func main() {
        let status = fuzz { start, count in
            let input = octets(start, count)
            let done = DispatchSemaphore(value: 0)
            Task.detached {
                let name = "vortag-fuzz-\(ProcessInfo.processInfo.processIdentifier).conf"
                let path = FileManager.default.temporaryDirectory.appendingPathComponent(name).path
                if let fault = await ConfigurationText.fault(in: input, path: path) { fatalError(fault) }
                done.signal()
            }
            done.wait()
            return 0
        }
        exit(status)
    }
}
