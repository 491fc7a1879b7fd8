import Foundation
import FuzzDriver
import FuzzFunctions

@main
enum FuzzMailbox {
    static func main() {
        let status = fuzz { start, count in
            if let fault = MailboxText.fault(in: octets(start, count)) { fatalError(fault) }
            return 0
        }
        exit(status)
    }
}
