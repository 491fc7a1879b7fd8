import Foundation
import FuzzDriver
import FuzzFunctions

@main
enum FuzzBounce {
    static func main() {
        let status = fuzz { start, count in
            if let fault = BounceMessage.fault(in: octets(start, count)) { fatalError(fault) }
            return 0
        }
        exit(status)
    }
}
