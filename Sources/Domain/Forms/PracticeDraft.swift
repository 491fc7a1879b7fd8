import Foundation

/// A practice's settings as somebody wrote them.
public struct PracticeDraft: Hashable, Sendable {
    public var name = ""
    public var timeZone = "Europe/Vienna"
    public var country = "AT"
    public var smsEnabled = false
    public var emailEnabled = false
    public var smsSendTime = SendTime.seven.rawValue
    public var emailSendTime = SendTime.seven.rawValue
    public var senderID = ""
    public var fallbackSenderID = ""
    /// Empty: no limit.
    public var smsMonthlyLimit = ""
    public var latestSendTime = LatestSendTime.standard.description
    public var language = Language.german.rawValue
    public var resendsUnknown = true
    public var fallsBack = false
    /// Empty: the product's own.
    public var emailSubject = ""
    /// Empty: the product's own.
    public var emailBody = ""
    public var keepsBirthDates = false
    /// Empty: the country's.
    public var region = ""
    public var linksEnabled = false
    /// Empty: no report.
    public var reportTo = ""

    public init() {}

    public init(
        name: String,
        timeZone: String = "Europe/Vienna",
        country: String = "AT",
        smsEnabled: Bool = false,
        emailEnabled: Bool = false,
        smsSendTime: String = SendTime.seven.rawValue,
        emailSendTime: String = SendTime.seven.rawValue,
        senderID: String = "",
        fallbackSenderID: String = "",
        smsMonthlyLimit: String = "",
        latestSendTime: String = LatestSendTime.standard.description,
        language: String = Language.german.rawValue,
        resendsUnknown: Bool = true
    ) {
        self.name = name
        self.timeZone = timeZone
        self.country = country
        self.smsEnabled = smsEnabled
        self.emailEnabled = emailEnabled
        self.smsSendTime = smsSendTime
        self.emailSendTime = emailSendTime
        self.senderID = senderID
        self.fallbackSenderID = fallbackSenderID
        self.smsMonthlyLimit = smsMonthlyLimit
        self.latestSendTime = latestSendTime
        self.language = language
        self.resendsUnknown = resendsUnknown
    }

    public init(existing practice: Practice) {
        self.init(
            name: practice.name,
            timeZone: practice.timeZone.identifier,
            country: practice.country.rawValue,
            smsEnabled: practice.smsEnabled,
            emailEnabled: practice.emailEnabled,
            smsSendTime: practice.smsSendTime.rawValue,
            emailSendTime: practice.emailSendTime.rawValue,
            senderID: practice.sender?.value ?? "",
            fallbackSenderID: practice.fallbackSender?.value ?? "",
            smsMonthlyLimit: practice.smsMonthlyLimit.map(String.init) ?? "",
            latestSendTime: practice.latestSendTime.description,
            language: practice.language.rawValue,
            resendsUnknown: practice.resendsUnknown
        )
        fallsBack = practice.fallsBack
        emailSubject = practice.emailSubject?.source ?? ""
        emailBody = practice.emailBody?.source ?? ""
        keepsBirthDates = practice.keepsBirthDates
        region = practice.region
        linksEnabled = practice.linksEnabled
        reportTo = practice.reportTo?.value ?? ""
    }

    /// - Parameter old: the practice as it is, where there is one; its sender is not judged anew while the country stays.
    /// - Throws: every broken rule of the form itself; what concerns the locations too is judged where they are known.
    public func validated(replacing old: Practice? = nil) throws(ProblemList) -> PracticeFields {
        var form = FormReader()
        let name = form.line(name, "name", required: true)
        let zone = form.zone(timeZone, "timeZone")
        let country = checkedCountry(&form)
        let sms = form.take(SendTime.parse(smsSendTime, field: "smsSendTime"))
        let email = form.take(SendTime.parse(emailSendTime, field: "emailSendTime"))
        let latest = form.take(LatestSendTime.parse(latestSendTime, field: "latestSendTime"))
        let language: Language? = form.word(language, "language")
        let sender = form.sender(senderID, country: country, keeping: old?.country == country ? old?.sender : nil)
        let fallback = form.numericSender(fallbackSenderID, "fallbackSenderId", country: country)
        let limit = form.number(smsMonthlyLimit, "smsMonthlyLimit", in: PracticeFields.monthlyLimits)
        let texts = form.mailTexts(subject: emailSubject, body: emailBody)
        let report = form.email(reportTo, "reportTo")
        let region = checkedRegion(&form, country, old)
        guard let zone, let country, let sms, let email, let latest, let language else {
            throw ProblemList(form.problems)
        }
        return try form.finish(
            PracticeFields(
                name: name,
                timeZone: zone,
                country: country,
                language: language,
                smsEnabled: smsEnabled,
                emailEnabled: emailEnabled,
                smsSendTime: sms,
                emailSendTime: email,
                latestSendTime: latest,
                sender: sender,
                fallbackSender: fallback,
                smsMonthlyLimit: limit,
                resendsUnknown: resendsUnknown,
                fallsBack: fallsBack,
                emailTexts: texts,
                keepsBirthDates: keepsBirthDates,
                region: region,
                linksEnabled: linksEnabled,
                reportTo: report
            )
        )
    }

    /// The part of the old country means nothing in another one.
    private func checkedRegion(_ form: inout FormReader, _ country: Country?, _ old: Practice?) -> String {
        let region = region.trimmingWhitespace().uppercased()
        guard let country, !region.isEmpty else { return "" }
        if let old, old.country != country, old.region == region { return "" }
        if !PublicHolidays.regions(of: country).contains(region) { form.add(FieldProblem("region", .fieldInvalid)) }
        return region
    }

    private func checkedCountry(_ form: inout FormReader) -> Country? {
        guard let country: Country = form.word(country.uppercased(), "country") else { return nil }
        guard country.callingCode != nil else {
            form.add(FieldProblem("country", .fieldInvalid))
            return nil
        }
        return country
    }
}

/// Settings that passed their rules.
public struct PracticeFields: Hashable, Sendable {
    /// What can be set as a monthly limit. Above it a limit would protect nobody from a bill.
    public static let monthlyLimits = 1...1_000_000

    public let name: String
    public let timeZone: TimeZone
    public let country: Country
    public let language: Language
    public let smsEnabled: Bool
    public let emailEnabled: Bool
    public let smsSendTime: SendTime
    public let emailSendTime: SendTime
    public let latestSendTime: LatestSendTime
    public let sender: SenderID?
    public let fallbackSender: SenderID?
    public let smsMonthlyLimit: Int?
    public let resendsUnknown: Bool
    public let fallsBack: Bool
    public let emailTexts: MailTexts
    public let keepsBirthDates: Bool
    public let region: String
    public let linksEnabled: Bool
    public let reportTo: EmailAddress?
}
