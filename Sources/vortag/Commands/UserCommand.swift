import ArgumentParser
import Domain
import Storage

struct UserCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user",
        abstract: "People who sign in.",
        subcommands: [Add.self, List.self, Password.self, Role.self, SecondFactor.self, Remove.self]
    )

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Adds a user; the password (at least 10 characters) is read from standard input."
        )

        @Option(help: "Id of the practice.") var practice: Practice.ID
        @Option(help: "E-mail address to sign in with.") var email: String
        @Option(help: "admin, staff or reader.") var role: String

        func run() async throws {
            let installation = try await Installation.open()
            let user = try await installation.storage.users.create(
                practice,
                email: email,
                role: role,
                password: StandardInput.line(prompt: "Password: "),
                now: installation.clock.now()
            )
            try await UserCommand.note(installation, user, .created)
            Output.result(user.id.description)
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lists the users: id, role, second factor, e-mail.")

        @Option(help: "Id of the practice.") var practice: Practice.ID

        func run() async throws {
            let users = try await Installation.open().storage.users.all(practice)
            Output.table(
                users.map { user in
                    [
                        user.id.description, user.role.rawValue,
                        user.secondFactorSince == nil ? "password" : "password+code", user.email.value,
                    ]
                }
            )
        }
    }

    struct Password: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Sets a new password, read from standard input, and ends the user's sessions."
        )

        @Option(help: "E-mail address of the user.") var email: String

        func run() async throws {
            let installation = try await Installation.open()
            let user = try await installation.storage.users.find(email: email)
            try await installation.storage.users.setPassword(
                user.id,
                password: StandardInput.line(prompt: "New password: ")
            )
            try await UserCommand.note(installation, user, .changed, .password)
            Output.note("The password is set.")
        }
    }
}
