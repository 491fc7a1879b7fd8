import ArgumentParser
import Domain
import Storage

extension UserCommand {
    struct Role: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Gives a user another role, and ends the user's sessions."
        )

        @Option(help: "E-mail address of the user.") var email: String
        @Option(help: "admin, staff or reader.") var role: String

        func run() async throws {
            let installation = try await Installation.open()
            let users = installation.storage.users
            let user = try await users.find(email: email)
            let changed = try await users.change(user.id, user.practiceID, edit: { [role] in $0.role = role })
            try await UserCommand.note(installation, changed, .changed, .role)
            Output.note("The role is \(changed.role.rawValue).")
        }
    }

    struct SecondFactor: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Switches off the second factor of a user who lost it; the password alone opens again."
        )

        @Option(help: "E-mail address of the user.") var email: String
        @Flag(help: "Switch it off. Only the user can switch it on, on the page about the account.") var off = false

        func validate() throws {
            guard off else { throw ValidationError("Say --off: only the user can switch it on.") }
        }

        func run() async throws {
            let installation = try await Installation.open()
            let user = try await installation.storage.users.find(email: email)
            let wasOn = try await installation.storage.secondFactor.turnOff(user.id, of: user.practiceID)
            if wasOn { try await UserCommand.note(installation, user, .changed, .secondFactorOff) }
            Output.note(wasOn ? "The second factor is off." : "There was no second factor.")
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Takes a user away; what the user did stays on record."
        )

        @Option(help: "E-mail address of the user.") var email: String

        func run() async throws {
            let installation = try await Installation.open()
            let user = try await installation.storage.users.find(email: email)
            try await installation.storage.users.remove(user.id, user.practiceID)
            try await UserCommand.note(installation, user, .deleted)
            Output.note("The user is removed.")
        }
    }

    static func note(
        _ installation: Installation,
        _ user: User,
        _ deed: AuditEntry.Deed,
        _ detail: AuditEntry.Detail? = nil
    ) async throws {
        try await installation.storage.audit.note(
            user.practiceID,
            .command,
            deed,
            .user,
            user.id.rawValue,
            detail,
            now: installation.clock.now()
        )
    }
}
