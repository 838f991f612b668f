/**
 * An Application is as healthy as what it holds once that is in sync; without this, Argo CD does not wait between the
 * waves of the root Application. The root holds itself: a sync that waited for its own end would never end.
 *
 * @see https://argo-cd.readthedocs.io/en/stable/operator-manual/health/#argocd-app
 */
const application = `hs = { status = "Progressing", message = "" }
if obj.status == nil or obj.status.health == nil then
  return hs
end
for _, resource in ipairs(obj.status.resources or {}) do
  if resource.kind == "Application" and resource.name == obj.metadata.name and resource.namespace == obj.metadata.namespace then
    hs.status = "Healthy"
    return hs
  end
end
if obj.status.health.message ~= nil then
  hs.message = obj.status.health.message
end
if obj.status.health.status == "Healthy" and (obj.status.sync == nil or obj.status.sync.status ~= "Synced") then
  hs.message = "waiting for sync"
  return hs
end
hs.status = obj.status.health.status
return hs
`;

/** @see https://gateway-api.sigs.k8s.io/api-types/gatewayclass/#gatewayclass-status */
const gatewayClass = `hs = { status = "Progressing", message = "waiting for a controller to accept the class" }
if obj.status ~= nil and obj.status.conditions ~= nil then
  for _, condition in ipairs(obj.status.conditions) do
    if condition.type == "Accepted" and condition.status == "True" then
      hs.status = "Healthy"
      hs.message = condition.message
    elseif condition.type == "Accepted" and condition.status == "False" then
      hs.status = "Degraded"
      hs.message = condition.message
    end
  end
end
return hs
`;

/** A controller that does not know the kind says nothing, and that must not hold up a sync. */
const backendTlsPolicy = `hs = { status = "Healthy", message = "" }
if obj.status ~= nil and obj.status.ancestors ~= nil then
  for _, ancestor in ipairs(obj.status.ancestors) do
    for _, condition in ipairs(ancestor.conditions or {}) do
      if condition.type == "Accepted" and condition.status == "False" then
        hs.status = "Degraded"
        hs.message = condition.message
      end
    end
  end
end
return hs
`;

/**
 * Health checks that Argo CD 3.2 lacks, for the custom resources that this platform uses; it brings those of
 * cert-manager, Rollouts, sealed-secrets, External Secrets, Gateways and routes itself.
 */
export const healthChecks = {
  'resource.customizations.health.argoproj.io_Application': application,
  'resource.customizations.health.gateway.networking.k8s.io_BackendTLSPolicy': backendTlsPolicy,
  'resource.customizations.health.gateway.networking.k8s.io_GatewayClass': gatewayClass,
} as const;
