import Foundation
import FuzzDriver
import FuzzFunctions

@main
enum FuzzReplies {
    static func main() {
        let status = fuzz { start, count in
            if let fault = MailReplies.fault(in: octets(start, count)) { fatalError(fault) }
            return 0
        }
        exit(status)
    }
}
