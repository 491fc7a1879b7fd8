/// Names that tell nothing about who sends, as published by those who refuse them.
public enum GenericName {
    /// How sure it is that a network refuses the name.
    public enum Weight: Hashable, Sendable {
        /// Named in the rules of a country that we know (``SenderRules``).
        case refused
        /// Named in some network's list elsewhere; not known to be refused here.
        case doubtful
    }

    /// nil for a name that is none of them, and for a number. Case and spaces do not count: networks that refuse
    /// `SMS` refuse `Sms` too.
    public static func weight(_ sender: SenderID) -> Weight? {
        guard sender.kind == .alphanumeric else { return nil }
        let name = sender.value.filter { $0 != " " }.uppercased()
        return refused.contains(name) ? .refused : doubtful.contains(name) ? .doubtful : nil
    }

    /// "Generic sender IDs such as INFO, SMS, NOTICE" (SureSMS, Germany and Switzerland, read on 2026-11-25; the list
    /// is open there). https://suresms.com/en/resources/country-specific-rules-and-restrictions/germany/
    static let refused: Set<String> = ["INFO", "SMS", "NOTICE"]

    /// What one group of British networks blocks since 2023-07-10 (Esendex, read on 2026-11-25).
    /// https://support.esendex.de/sms/bevorstehende-bt-ee-absender-beschraenkungen-ab-dem-10-juli-2023
    static let doubtful: Set<String> = Set(
        """
        1TimePin 2FA Accept Access Account Active Admin Advise Alert Allow Allowance App Appointment Approve Approved
        Auth AuthMsg Authorise AuthSMS Aware Bank Banking Bill Billing Call Card Caution Certify Check CloudOTP Code
        Collect Collection Confirm Contact Control Courier Delay Deliver Delivery Discount Energy Fraud Help InfoSMS ISA
        Key Loan Login Logistics LogMeIn Logon Malware Message Mobile Mortgage MSG MsgAuth Network NoReply Notify
        OneTimePin Order OTP OTPSMS Package Parcel Pay Payment Pin PinCode Post Protocol Purchase Ratify Rebate Receipt
        Refund Reminder Repayment Reply Respond Save Saving Savings Scam Schedule Secure Security Service Shipping Sign
        Signin Signon SMSAuth SMSCode SMSInfo SMSOTP SMSVerify Support System Text Trace Track Tracking Trust TXT Update
        Updates Validate Verify VerifyMe VerifySMS Virus Warn Warning Winner
        """.uppercased().split { $0 == " " || $0 == "\n" }.map(String.init)
    )
}
