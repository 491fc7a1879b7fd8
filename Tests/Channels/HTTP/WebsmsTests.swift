import Domain
import Foundation
import Testing
import Transfer

@testable import Channels

@Suite("websms", .timeLimit(.minutes(5))) struct WebsmsTests {
    @Test("a message arrives as it was meant, with the address for its report")
    func send() async throws {
        let peer = try await GatewayPeer(.websms)
        let channel = try peer.channel(["price": "0.08"], callback: "https://vortag.example/hooks/sms/1/s")
        let text = "Grüße\n\"ein\" \\ Gruß 😀"
        let outcome = await channel.send(try GatewayPeer.message(text, validity: 10_000_000))
        let line = try await peer.next("send")
        #expect(outcome.reference == line.id && outcome.price == Price(micros: 80_000, currency: "EUR"))
        #expect(line.to == "436641234500" && line.sender == "Praxis" && line.text == text)
        #expect(line.reference == "7" && line.validity == 259_200)
        #expect(line.callback == "https://vortag.example/hooks/sms/1/s")
        let basic = try peer.channel(user: GatewayPeer.account)
        #expect(await basic.send(try GatewayPeer.message(from: "00436761234567", validity: 1)).kind == "accepted")
        let second = try await peer.next("send")
        #expect(second.sender == "436761234567" && second.validity == 60 && second.callback == nil)
        #expect(try await peer.channel(secret: "wrong").send(GatewayPeer.message()).kind == "account")
        #expect(!channel.reportsDelivery && channel.polling == nil)
    }

    static let codes: [(String, String)] = [
        ("2001", "accepted"), ("2002", "accepted"), ("4000", "provider_error"), ("4001", "account"),
        ("4002", "undeliverable"), ("4003", "provider_refused"), ("4004", "provider_error"),
        ("4005", "provider_error"), ("4006", "provider_error"), ("4007", "provider_error"), ("4008", "provider_error"),
        ("4009", "provider_error"), ("4010", "provider_error"), ("4011", "provider_error"), ("4012", "throttled"),
        ("4013", "account"), ("4014", "account"), ("4015", "provider_error"), ("4016", "provider_error"),
        ("4017", "provider_error"), ("4018", "account"), ("4019", "provider_error"), ("4020", "account"),
        ("4021", "account"), ("4022", "account"), ("4023", "throttled"), ("4024", "throttled"), ("4025", "throttled"),
        ("4026", "provider_error"), ("4027", "provider_error"), ("4029", "provider_refused"),
        ("4030", "rejected_by_recipient"), ("4031", "rejected_by_recipient"), ("4035", "account"),
        ("4040", "provider_error"), ("4041", "provider_error"), ("4042", "provider_refused"),
        ("4043", "provider_refused"), ("5000", "provider_error"), ("5003", "unreachable"), ("4999", "provider_error"),
        ("5999", "unknown"), ("3000", "unknown"), ("2003", "unknown"),
    ]

    @Test("every documented code has its outcome")
    func everyCode() async throws {
        let peer = try await GatewayPeer(.websms)
        let channel = try peer.channel()
        try await peer.order(Self.codes.map { ["code": $0.0] })
        for (code, kind) in Self.codes {
            let outcome = await channel.send(try GatewayPeer.message())
            #expect(outcome.kind == kind, "\(code): \(outcome)")
        }
        #expect(Set(WebsmsTables.codes.keys).isSubset(of: Set(Self.codes.map { Int($0.0) ?? 0 })))
    }

    @Test(
        "what is not as documented is never an acceptance",
        arguments: [
            #"{"statusCode":2000}"#, #"{"statusCode":2000,"transferId":null}"#, #"{"statusCode":2000,"transferId":""}"#,
            #"{"statusCode":true,"transferId":"1"}"#, #"{"statusCode":2000.5,"transferId":"1"}"#,
            #"{"transferId":"1"}"#, #"[{"statusCode":2000,"transferId":"1"}]"#, "2000", "",
        ]
    )
    func strictly(_ body: String) {
        #expect(Websms.outcome(HTTPResponse(status: 200, body: Array(body.utf8)), price: nil).kind == "unknown")
    }
}
