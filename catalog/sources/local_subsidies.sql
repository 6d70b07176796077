-- One row per grant.
select
    idattribuant as grantor_siret,
    dateconvention as agreed_on,
    referencedecision as decision_reference,
    idbeneficiaire as beneficiary_siret,
    rnabeneficiaire as beneficiary_rna,
    objet as purpose,
    montant as amount_euros,
    nature as grant_kind,
    datesperiodeversement as payment_period,
    notificationue as is_notified_to_eu,
    pourcentagesubvention as paid_share,
    dispositifaide as aid_scheme
from raw.local_subsidies
