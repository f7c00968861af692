namespace Wellmet.Platform.Purposes;

/// <summary>What personal data is used for. Each use asks the gate first.</summary>
public enum Purpose
{
    /// <summary>Showing the customer's own data to the customer or to staff who serve them.</summary>
    Service,

    /// <summary>Recommendations chosen from a person's own history.</summary>
    Personalisation,

    /// <summary>Messages that advertise: whether one may send.</summary>
    Marketing,

    /// <summary>What a person does with a message or a page: whether one may measure.</summary>
    Measurement,

    /// <summary>Handing data to another system or file.</summary>
    Export,

    /// <summary>Handing a person what is held about them, because the law gives them a right to it.</summary>
    Access,
}

/// <summary>By what means a person is reached or observed. A consent for one channel says nothing about another.</summary>
public enum Channel
{
    /// <summary>A use that has no channel; an objection to it holds for all channels.</summary>
    Any,
    Email,
    Sms,
    Phone,
    Push,
    Post,
    Web,
}
